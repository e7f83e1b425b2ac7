import type { CommandLine, Flag } from "../command-line/command-line.ts";
import { readTyped, splitFlag, type TypedWords } from "../command-line/typed-words.ts";
import type { Candidate, Candidates } from "./candidate.ts";

/** The values of an option or a positional of this name, besides its choices. */
export type ValuesOf = (name: string, given: TypedWords["given"]) => Promise<Candidates>;

/**
 * The completions of the last word. For `--output=js` that is the value alone, as in Cobra.
 * Source: spf13/cobra, completions.go; plugin/KUBECTL.md, "Completion".
 */
export async function candidatesFor(
  root: CommandLine,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<Candidates> {
  const typed = readTyped(root, words.slice(0, -1));
  const current = words.at(-1) ?? "";
  if (typed.isBehindDashes) return "files";
  const values = (flag: Flag, begun: string) => flagValues(flag, { begun, typed, valuesOf });

  if (typed.waiting?.takes === "one") return values(typed.waiting, current);
  if (current.startsWith("-")) {
    const glued = gluedValue(typed.line.flags, current);
    if (glued !== undefined) return behind(glued.letter, await values(glued.flag, glued.value));
    const { flag, value } = splitFlag(typed.line.flags, current);
    if (value === undefined) return beginningWith(current, flagNames(typed));
    return flag === undefined || flag.takes === "nothing" ? [] : values(flag, value);
  }
  if (typed.waiting !== undefined) return values(typed.waiting, current);
  return wordsFor(typed, current, valuesOf);
}

/** `-ojs` is the letter and the beginning of its value. */
function gluedValue(flags: readonly Flag[], word: string) {
  const [letter, value] = [word.slice(0, 2), word.slice(2)];
  const flag = flags.find(({ spellings, takes }) => takes !== "nothing" && spellings.includes(letter));
  return flag === undefined || value === "" || value.startsWith("=") ? undefined : { letter, value, flag };
}

function behind(letter: string, values: Candidates): Candidates {
  return values === "files"
    ? values
    : values.map(({ value, ...rest }) => ({ value: letter + value, ...rest }));
}

/** Commands, or the command's positionals; options if there is nothing else to type. */
async function wordsFor(typed: TypedWords, current: string, valuesOf: ValuesOf): Promise<Candidates> {
  const { line, positionals, given } = typed;
  const positional = line.positionals[positionals];
  if (positional !== undefined) {
    const values = await valuesOf(positional.name, given);
    return values === "files" ? values : beginningWith(current, values);
  }
  if (line.commands.length > 0) {
    const commands = positionals > 0 ? [] : line.commands;
    return beginningWith(
      current,
      commands.map(({ name, describe }) => ({ value: name, describe })),
    );
  }
  return current === "" ? flagNames(typed).filter(({ value }) => value.startsWith("--")) : [];
}

function flagNames({ line, given }: TypedWords): Candidate[] {
  return line.flags
    .filter(({ name, isHidden, isRepeatable }) => !isHidden && (isRepeatable || !given.has(name)))
    .flatMap(({ spellings, describe }) => spellings.map((value) => ({ value, describe })));
}

interface ValueInput {
  /** The value as far as it is typed. */
  readonly begun: string;
  readonly typed: TypedWords;
  readonly valuesOf: ValuesOf;
}

async function flagValues(
  { name, choices }: Flag,
  { begun, typed, valuesOf }: ValueInput,
): Promise<Candidates> {
  const values = choices.length > 0 ? choices.map((value) => ({ value })) : await valuesOf(name, typed.given);
  if (values === "files") return values;
  return COMMA_LISTS.includes(name) ? listItems(begun, values) : beginningWith(begun, values);
}

/** Options that take several values in one word, separated by commas. */
const COMMA_LISTS = ["only", "skip", "regions"];

/** `E3,E` may become `E3,E4`, but not `E3,E3`. */
function listItems(begun: string, values: readonly Candidate[]): Candidate[] {
  const before = begun.split(",").slice(0, -1);
  const items = values.filter(({ value }) => !before.includes(value));
  return beginningWith(
    begun,
    items.map(({ value, ...rest }) => ({ value: [...before, value].join(","), ...rest })),
  );
}

function beginningWith(begun: string, candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ value }) => {
    const isNew = value !== "" && !seen.has(value);
    seen.add(value);
    return isNew && value.startsWith(begun);
  });
}
