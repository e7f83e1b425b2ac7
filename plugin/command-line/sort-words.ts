import type { CommandLine, Flag } from "./command-line.ts";
import { flagsBelow } from "./flags-below.ts";
import { splitFlag } from "./typed-words.ts";

/** The words behind a command, by what they are. */
export interface CommandWords {
  readonly positionals: readonly string[];
  /** Options that the command does not have, as typed, without their values. */
  readonly unknown: readonly string[];
  /** An option without the value that it takes, as typed, and the word that stands there instead. */
  readonly empty: { readonly option: Flag; readonly next: string | undefined } | undefined;
  /** What follows `--`; undefined if there is none. */
  readonly behind: readonly string[] | undefined;
  /** The words before `--`. */
  readonly own: readonly string[];
  readonly asksFor: "help" | "version" | undefined;
}

/** Sorts the words behind the command's name. */
export function sortWords(line: CommandLine, words: readonly string[]): CommandWords {
  const dashes = words.indexOf("--");
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const flags = line.commands.length > 0 ? flagsBelow(line) : line.flags;
  const positionals: string[] = [];
  const unknown: string[] = [];
  const given = new Set<string>();
  let empty: CommandWords["empty"];
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at] ?? "";
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      continue;
    }
    const { flag, value } = splitFlag(flags, word);
    const next = own[at + 1];
    const isValue = next !== undefined && !isOption(next);
    if (flag === undefined) {
      unknown.push(word.split("=", 1)[0] ?? "");
      if (value === undefined && isValue) at += 1;
      continue;
    }
    if (value !== "false") given.add(flag.name);
    if (flag.takes === "nothing" || value !== undefined) continue;
    if (isValue) at += 1;
    else empty ??= { option: flag, next };
    if (flag.takes === "many") while (own[at + 1] !== undefined && !isOption(own[at + 1] ?? "")) at += 1;
  }
  const isHelp = given.has("help") || positionals.at(-1) === "help";
  return {
    positionals,
    unknown,
    empty,
    behind: dashes < 0 ? undefined : words.slice(dashes + 1),
    own,
    asksFor: isHelp ? "help" : given.has("version") ? "version" : undefined,
  };
}

/** Numbers may be negative; a dash alone is standard input. */
function isOption(word: string): boolean {
  return /^-[^0-9]/.test(word);
}
