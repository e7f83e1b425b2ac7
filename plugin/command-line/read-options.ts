import { Parser } from "yargs/helpers";
import { VouchError } from "../../token/errors/errors.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import type { CommandLine, Flag } from "./command-line.ts";
import { optionMeant, refusal, unexpectedWord, unknownCommand, unknownOption } from "./usage-error.ts";
import type { CommandWords, TypedLine } from "./words.ts";

/** Options and arguments of a command by name; the words after `--` are under `--`. */
type GivenOptions = Readonly<Record<string, unknown>>;

/** The options of a command, with their defaults. Throws `usage`. */
export function readOptions(line: CommandLine, words: CommandWords, typed: TypedLine): GivenOptions {
  if (words.empty !== undefined) throw emptyOption(words.empty, typed);
  const options = parsed(line, words);
  refuseOddValues(options, words.own);
  refuseNoCommand(line, words, typed);
  refuseUnknown(line, words, typed);
  refuseMissing(line, words, typed);
  refuseOtherChoices(line.flags, options, typed);
  refuseConflicts(line.flags, options, typed);
  return options;
}

function parsed(line: CommandLine, { own, behind }: CommandWords): GivenOptions {
  const { flags, positionals } = line;
  const named = (holds: (flag: Flag) => boolean) => flags.filter(holds).map(({ name }) => name);
  const switches = new Set(
    flags.flatMap(({ declared, spellings }) => (declared.type === "boolean" ? spellings : [])),
  );
  // The parser would interpret a word "true" or "false" behind a switch as its value.
  const words = own.map((word) => (switches.has(word) ? `${word}=true` : word));
  const { _: found = [], ...options } = Parser(words, {
    alias: Object.fromEntries(flags.map(({ name, declared }) => [name, [declared.alias ?? []].flat()])),
    array: named(({ takes }) => takes === "many"),
    boolean: named(({ takes }) => takes === "nothing"),
    number: named(({ declared }) => declared.type === "number"),
    string: named(({ declared }) => declared.type === "string" || declared.choices !== undefined),
    narg: Object.fromEntries(flags.flatMap(({ name, takes }) => (takes === "one" ? [[name, 1]] : []))),
    default: Object.fromEntries(
      flags.flatMap(({ name, declared }) => ("default" in declared ? [[name, declared.default]] : [])),
    ),
    configuration: {
      "boolean-negation": false,
      "dot-notation": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
    },
  });
  const given = positionals.map(({ name }, index) => [name, found[index]]);
  // The parser would end a list of its own at a dash alone, which is standard input.
  const lists = flags.flatMap(({ name, isRepeatable }) =>
    isRepeatable && options[name] !== undefined ? [[name, [options[name]].flat()]] : [],
  );
  return {
    ...options,
    ...Object.fromEntries([...given, ...lists]),
    ...(behind === undefined ? {} : { "--": behind }),
  };
}

function emptyOption({ option, next }: NonNullable<CommandWords["empty"]>, typed: TypedLine): VouchError {
  const [long = ""] = option.spellings;
  const words = typed.words.map((word) => word.split("=", 1)[0]);
  const spelling = option.spellings.findLast((one) => words.includes(one)) ?? long;
  // The value itself is not shown, as it may be secret.
  const hint =
    next === undefined || next.startsWith("--")
      ? ""
      : `A value that begins with a dash goes after =: \`${spelling}=VALUE\`. `;
  return refusal(`${spelling} needs a value.`, typed, hint);
}

/** Refuses an option that is specified twice but has only one value, and an empty option or argument. */
function refuseOddValues(options: GivenOptions, words: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === "--" || /[A-Z]/.test(name)) continue;
    const values = Array.isArray(value) ? value : [value];
    const option = name.length === 1 ? `-${name}` : `--${name}`;
    if (values.length > 1 && !LISTS.includes(name))
      throw new VouchError("usage", `${option} is specified ${values.length} times.`, {
        hint: "Specify it once.",
      });
    if (values.includes("") && !words.some((word) => word.startsWith(option)))
      throw new VouchError("usage", `<${name}> is empty.`, { hint: "Specify a value." });
    if (values.includes(""))
      throw new VouchError("usage", `${option} is empty.`, {
        hint: "Specify a value or omit the option.",
      });
  }
}

/** Options that can be specified several times. */
const LISTS = ["via", "regions", "tag", "evidence"];

function refuseNoCommand(line: CommandLine, words: CommandWords, typed: TypedLine): void {
  const [option] = words.unknown;
  if (line.handler === undefined && words.positionals.length === 0)
    throw option === undefined || optionMeant(option, line) === undefined
      ? refusal(line.needsCommand, typed)
      : unknownOption(option, line, typed);
}

function refuseMissing(line: CommandLine, words: CommandWords, typed: TypedLine): void {
  const given = words.positionals.length;
  const missing = line.positionals.slice(given).filter(({ isRequired }) => isRequired);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => `<${name}>`).join(" ");
    const command = [typed.program, ...typed.path].join(" ");
    throw refusal(`${command}: ${names} ${missing.length > 1 ? "are" : "is"} missing.`, typed);
  }
  for (const { isRequired, name, spellings } of line.flags)
    if (isRequired && !words.own.some((word) => spellings.includes(word.split("=", 1)[0] ?? "")))
      throw refusal(`--${name} is required.`, typed);
}

function refuseUnknown(line: CommandLine, words: CommandWords, typed: TypedLine): void {
  const [option] = words.unknown;
  const [word, ...more] = words.positionals.slice(line.positionals.length);
  // In a group, the command comes first: its options depend on it.
  if (line.handler === undefined && word !== undefined) throw unknownCommand([word, ...more], line, typed);
  if (option !== undefined) throw unknownOption(option, line, typed);
  if (word !== undefined) throw unexpectedWord([word, ...more], typed, line.flags);
}

function refuseOtherChoices(flags: readonly Flag[], options: GivenOptions, typed: TypedLine): void {
  const wrong = flags.flatMap(({ name, choices }) => {
    const value = options[name];
    if (choices.length === 0 || value === undefined || choices.includes(String(value))) return [];
    const accepted = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
    return [`--${name} must be ${accepted}, not ${maskText(JSON.stringify(value))}.`];
  });
  if (wrong.length > 0) throw refusal(wrong.join(" "), typed);
}

function refuseConflicts(flags: readonly Flag[], options: GivenOptions, typed: TypedLine): void {
  for (const { name, declared } of flags) {
    const other = [declared.conflicts ?? []].flat().find((one) => options[String(one)] !== undefined);
    if (other !== undefined && options[name] !== undefined)
      throw refusal(`--${name} and --${String(other)} cannot be combined.`, typed);
  }
}
