import type { CommandLine, Flag } from "./command-line.ts";

/** A command line that is being typed: what the words before the cursor's word amount to. */
export interface TypedWords {
  /** What may follow. */
  readonly line: CommandLine;
  /** Words that belong to no option, after those that name the command. */
  readonly positionals: number;
  /** Values of the options given so far, by name; none for one that takes nothing. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The option whose value comes next, or may come next when it takes many. */
  readonly waiting: Flag | undefined;
  /** A `--` was typed: all that follows belongs to somebody else. */
  readonly isBehindDashes: boolean;
}

/** Goes through the words before the one that is being typed. What is unknown counts for nothing. */
export function readTyped(root: CommandLine, words: readonly string[]): TypedWords {
  let line = root;
  let positionals = 0;
  let waiting: Flag | undefined;
  const given = new Map<string, string[]>();
  for (const word of words) {
    if (waiting !== undefined && (waiting.takes === "one" || !word.startsWith("-"))) {
      given.get(waiting.name)?.push(word);
      waiting = waiting.takes === "one" ? undefined : waiting;
      continue;
    }
    waiting = undefined;
    if (word === "--") return { line, positionals, given, waiting, isBehindDashes: true };
    if (word.startsWith("-")) {
      const { flag, value } = splitFlag(line, word);
      if (flag === undefined) continue;
      given.set(flag.name, [...(given.get(flag.name) ?? []), ...(value === undefined ? [] : [value])]);
      waiting = value !== undefined || flag.takes === "nothing" ? undefined : flag;
      continue;
    }
    const next = line.behind(word);
    if (next === undefined) positionals += 1;
    line = next ?? line;
  }
  return { line, positionals, given, waiting, isBehindDashes: false };
}

/** `--output=json` is the option and its value; `--output` has none. */
export function splitFlag(
  { flags }: CommandLine,
  word: string,
): { readonly flag: Flag | undefined; readonly value: string | undefined } {
  const equals = word.indexOf("=");
  const spelling = equals < 0 ? word : word.slice(0, equals);
  return {
    flag: flags.find(({ spellings }) => spellings.includes(spelling)),
    value: equals < 0 ? undefined : word.slice(equals + 1),
  };
}
