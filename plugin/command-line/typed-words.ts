import type { CommandLine, Flag } from "./command-line.ts";
import { flagsBelow } from "./flags-below.ts";

/** A command line as typed, or as far as it is typed, taken apart. */
export interface TypedWords {
  /** The words that name the command: `setup`, `eks`. */
  readonly path: readonly string[];
  /** What can follow. */
  readonly line: CommandLine;
  /** All other words, in their order: options with their values, `-ojson` as `-o=json`, and the rest. */
  readonly words: readonly string[];
  /** Words that belong to no option, after those that name the command. */
  readonly positionals: number;
  /** Values of the options given so far, by name; empty for one that takes nothing. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Whether an option was given that no command on this path has. */
  readonly hasUnknown: boolean;
  /** The option whose value comes next, or may come next if it takes many. */
  readonly waiting: Flag | undefined;
  /** Whether a `--` was typed: everything after it belongs to another program. */
  readonly isBehindDashes: boolean;
}

/**
 * Reads the words as kubectl does: an option may come before, between and after the words that name the command, and its value
 * may be glued to its letter. While the command is not known yet, an option may belong to any command that may follow.
 */
export function readTyped(root: CommandLine, words: readonly string[]): TypedWords {
  const reader = new WordReader(root);
  for (const [index, word] of words.entries()) {
    if (word === "--" && reader.waiting?.takes !== "one") return reader.result(words.slice(index));
    reader.read(word);
  }
  return reader.result([]);
}

class WordReader {
  #line: CommandLine;
  readonly #path: string[] = [];
  readonly #words: string[] = [];
  readonly #given = new Map<string, string[]>();
  #positionals = 0;
  #hasUnknown = false;
  /** The word before was an unknown option: this one may be its value. */
  #isAfterUnknown = false;
  waiting: Flag | undefined;

  constructor(root: CommandLine) {
    this.#line = root;
  }

  read(word: string): void {
    if (this.#isValue(word)) this.#takeValue(word);
    else if (word.startsWith("-") && word !== "-") this.#readOptions(word);
    else if (this.#isCommand(word)) this.#enter(word);
    else this.#takeWord(word);
  }

  result(behind: readonly string[]): TypedWords {
    return {
      path: this.#path,
      line: this.#line,
      words: [...this.#words, ...behind],
      positionals: this.#positionals,
      given: this.#given,
      hasUnknown: this.#hasUnknown,
      waiting: behind.length > 0 ? undefined : this.waiting,
      isBehindDashes: behind.length > 0,
    };
  }

  #isValue(word: string): boolean {
    if (this.waiting === undefined) return false;
    return this.waiting.takes === "one" || !(word.startsWith("-") || this.#isCommand(word));
  }

  #takeValue(word: string): void {
    this.#given.get(this.waiting?.name ?? "")?.push(word);
    this.#words.push(word);
    if (this.waiting?.takes === "one") this.waiting = undefined;
  }

  #readOptions(word: string): void {
    const flags = this.#flags(word);
    for (const option of unglued(word, flags)) {
      const { flag, value } = splitFlag(flags, option);
      this.#words.push(option);
      this.#hasUnknown ||= flag === undefined;
      this.#isAfterUnknown = flag === undefined && value === undefined;
      this.waiting = value !== undefined || flag?.takes === "nothing" ? undefined : flag;
      if (flag === undefined) continue;
      const before = this.#given.get(flag.name) ?? [];
      this.#given.set(flag.name, [...before, ...(value === undefined ? [] : [value])]);
    }
  }

  /** Options of commands that may follow are read only if the word is not one of ours, as that takes 20 milliseconds. */
  #flags(word: string): readonly Flag[] {
    const { commands, flags } = this.#line;
    const isOurs = commands.length === 0 || splitFlag(flags, word).flag !== undefined;
    return isOurs ? flags : flagsBelow(this.#line);
  }

  #isCommand(word: string): boolean {
    return this.#positionals === 0 && this.#line.commands.some(({ name }) => name === word);
  }

  #enter(command: string): void {
    this.#settle();
    this.#path.push(command);
    this.#line = this.#line.behind(command) ?? this.#line;
  }

  #takeWord(word: string): void {
    const isValue = this.#isAfterUnknown && this.#line.commands.length > 0;
    this.#settle();
    this.#words.push(word);
    if (!isValue) this.#positionals += 1;
  }

  #settle(): void {
    this.waiting = undefined;
    this.#isAfterUnknown = false;
  }
}

/**
 * `-vojson` is `-v` and `-o=json`, as `-v` takes nothing and `-o` a value. An unknown letter keeps all that follows it.
 * Source: plugin/KUBECTL.md, "Command line".
 */
function unglued(word: string, flags: readonly Flag[]): string[] {
  if (word.startsWith("--") || word.length < 3) return [word];
  const letter = word.slice(0, 2);
  const rest = word.slice(2);
  const flag = flags.find(({ spellings }) => spellings.includes(letter));
  if (flag === undefined) return [word];
  if (rest.startsWith("=")) return [word];
  if (flag.takes === "nothing") return [letter, ...unglued(`-${rest}`, flags)];
  return [`${letter}=${rest}`];
}

/** `--output=json` is the option and its value; `--output` has none. */
export function splitFlag(
  flags: readonly Flag[],
  word: string,
): { readonly flag: Flag | undefined; readonly value: string | undefined } {
  const equals = word.indexOf("=");
  const spelling = equals < 0 ? word : word.slice(0, equals);
  return {
    flag: flags.find(({ spellings }) => spellings.includes(spelling)),
    value: equals < 0 ? undefined : word.slice(equals + 1),
  };
}
