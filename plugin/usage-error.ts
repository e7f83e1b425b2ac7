import { typed } from "../token/command/command.ts";
import { withCommands } from "../token/command/sentence.ts";
import { VouchError } from "../token/errors/errors.ts";
import { maskArguments } from "../token/masking/mask-arguments.ts";
import { maskText } from "../token/masking/mask-text.ts";
import type { ArrangedWords } from "./command-line/arranged-words.ts";
import { nearestWord } from "./nearest-word.ts";

/** Options that may be given several times. */
const LISTS = ["via", "regions", "tag"];

/** Messages of yargs, and our wording. Source: yargs 18, locales/en.json. */
const OUR_WORDS: readonly [RegExp, string][] = [
  [/^Invalid values: /, ""],
  [/^Not enough arguments following: (\w)$/, "-$1 needs a value."],
  [/^Not enough arguments following: (.+)$/, "--$1 needs a value."],
  [/^Missing required argument: (.+)$/, "--$1 is required."],
  [/^Arguments (\S+) and (\S+) are mutually exclusive$/, "--$1 and --$2 exclude each other."],
];

/** `Argument: output, Given: "x", Choices: "json", "text"`, one or several. */
function withChoices(said: string): string {
  const [before = "", ...refused] = said.split("Argument: ");
  const sentences = refused.map((text) => {
    const [name = "", given = "", choices = ""] = text.trim().split(/, (?:Given|Choices): /);
    return `--${name} was given ${given}, and takes ${choices}.`;
  });
  return before + sentences.join(" ");
}

/** The command that was typed, and all words that yargs was given. */
export interface RefusedLine extends ArrangedWords {
  /** How the person calls us: `kubectl vouch`. */
  readonly program: string;
}

/** The error for a command line that yargs refused, with the word that was probably meant; `help` is that of the command, which takes a while to render. */
export function usageError(message: string, line: RefusedLine, help: () => string): VouchError {
  const said = message.replaceAll(/\s+/g, " ").trim();
  const unknown = /^Unknown arguments?: (.+)$/.exec(said)?.[1]?.split(", ");
  if (unknown !== undefined) return unknownWords(unknown, line, help());
  const given = /^Not enough non-option arguments: got (\d+)/.exec(said)?.[1];
  if (given !== undefined) return missingWords(Number(given), line, help());
  const words = OUR_WORDS.reduce((text, [theirs, ours]) => text.replace(theirs, ours), withChoices(said));
  return new VouchError("usage", words, { hint: beginsWithDash(said, line) + seeHelp(line) });
}

/** The first line of the help names the words that a command takes: `kubectl vouch config set <setting> <value>`. */
function missingWords(given: number, line: RefusedLine, help: string): VouchError {
  const [usage = ""] = help.split("\n", 1);
  const missing = (usage.match(/<[^<>]+>/g) ?? []).slice(given);
  const command = [line.program, ...line.path].join(" ");
  return new VouchError(
    "usage",
    `${command}: ${missing.join(" ")} ${missing.length > 1 ? "are" : "is"} missing.`,
    { hint: seeHelp(line) },
  );
}

/** A value that begins with a dash is read as the next option. It is not shown, as it may be secret. */
function beginsWithDash(said: string, { words }: RefusedLine): string {
  const [, name] = /^Not enough arguments following: (\w[\w-]+)$/.exec(said) ?? [];
  const next = name === undefined ? undefined : words[words.indexOf(`--${name}`) + 1];
  if (next === undefined || !/^-[^-]/.test(next)) return "";
  return `A value that begins with a dash goes after =: \`--${name}=VALUE\`. `;
}

/** Refuses a switch with an odd value, which is not shown, as it may be a PIN. Throws `usage`. */
export function refuseOddSwitch(line: RefusedLine): void {
  if (line.oddSwitch === undefined) return;
  throw new VouchError("usage", `${line.oddSwitch} takes true or false.`, { hint: seeHelp(line) });
}

/** Refuses words after `--` for a command that runs no other program. Throws `usage`. */
export function refuseWordsBehindDashes(line: RefusedLine): void {
  const [, word] = line.words.slice(line.words.indexOf("--"));
  if (line.words.includes("--") && word !== undefined) throw unexpectedWord(word, line);
}

function seeHelp({ program, path }: RefusedLine): string {
  return withCommands`${typed([...program.split(" "), ...path, "--help"])} shows what is accepted.`;
}

function unknownWords(unknown: readonly string[], line: RefusedLine, help: string): VouchError {
  const command = [line.program, ...line.path].join(" ");
  const isGroup = help.includes("\nCommands:\n");
  // In a group, the command comes first: its options depend on it.
  const others = isGroup ? unknown.filter((name) => optionNamed(name, line) === undefined) : [];
  const word = [...others, ...unknown][0] ?? "";
  const option = optionNamed(word, line);
  if (option === undefined && !isGroup) return unexpectedWord(word, line);
  const [what, meant] =
    option === undefined
      ? [`${command} has no command ${word}.`, nearestWord(word, commandsIn(help, command))]
      : [`${command} has no option ${option}.`, nearestOption(word, help)];
  // One of the words of our own help.
  const hint = meant === undefined ? seeHelp(line) : `Did you mean \`${meant}\`? ${seeHelp(line)}`;
  return new VouchError("usage", what, { hint });
}

/** As it was typed, without its value, which may be secret. */
function optionNamed(name: string, { words }: RefusedLine): string | undefined {
  const options = words.filter((word) => word.startsWith("-")).map((word) => word.split("=", 1)[0] ?? "");
  return options.find((option) => option.replace(/^-+/, "") === name);
}

function commandsIn(help: string, command: string): string[] {
  return help
    .split("\n")
    .filter((line) => line.startsWith(`  ${command} `))
    .map((line) => line.slice(command.length + 3).split(" ", 1)[0] ?? "");
}

function nearestOption(word: string, help: string): string | undefined {
  const options = [...help.matchAll(/^ +(?:-\w, )?--([a-z][a-z-]+)/gm)].map(([, name = ""]) => name);
  const nearest = nearestWord(word.replace(/^no-/, ""), options);
  return nearest === undefined ? undefined : `--${nearest}`;
}

/** Commands after which a PIN or a token may be typed by mistake: such a word is not shown again. */
const NEAR_SECRETS = ["login", "token"];

function unexpectedWord(word: string, line: RefusedLine): VouchError {
  const { program, path, words } = line;
  const shown = NEAR_SECRETS.includes(path[0] ?? "") ? "" : ` "${maskText(word)}"`;
  // The arguments of an arbitrary program may be secret; those of kubectl are known.
  const command = path[0] === "exec" ? ["COMMAND"] : maskArguments(words.slice(words.indexOf(word)));
  const again = typed([...program.split(" "), path[0] ?? "", "--", ...command]);
  const behind = ["doctor", "exec"].includes(path[0] ?? "")
    ? withCommands`A command to run goes after --: ${again}. `
    : "";
  return new VouchError("usage", `${[program, ...path].join(" ")}: unexpected argument${shown}.`, {
    hint: behind + seeHelp(line),
  });
}

/** Refuses an option that is given twice if only one value counts, and an option or a word without any text. */
export function rejectUnknownValues(
  options: Readonly<Record<string, unknown>>,
  words: readonly string[],
): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === "_" || name === "--" || /[A-Z]/.test(name)) continue;
    const values = Array.isArray(value) ? value : [value];
    const option = name.length === 1 ? `-${name}` : `--${name}`;
    if (values.length > 1 && !LISTS.includes(name))
      throw new VouchError("usage", `${option} was given ${values.length} times.`, { hint: "Give it once." });
    if (values.includes("") && !words.some((word) => word.startsWith(option)))
      throw new VouchError("usage", `<${name}> was given as an empty word.`, { hint: "Give it a text." });
    if (values.includes(""))
      throw new VouchError("usage", `${option} was given an empty value.`, {
        hint: "Leave the option out, or give it a value.",
      });
  }
}
