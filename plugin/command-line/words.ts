import type { CommandLine, Flag } from "./command-line.ts";

/** A command line as typed, or as far as it is typed, taken apart. */
export type TypedWords = Readonly<Omit<WordReader, "read" | "end">>;

/**
 * Reads the words as kubectl does: an option may come before, between and after the words that name the command, and its value
 * may be glued to its letter. While the command is not known yet, an option may belong to any command that may follow.
 */
export function readTyped(root: CommandLine, words: readonly string[]): TypedWords {
  const reader = new WordReader(root);
  for (const [index, word] of words.entries()) {
    if (word === "--" && reader.waiting?.takes !== "one") {
      reader.end(words.slice(index));
      break;
    }
    reader.read(word);
  }
  return reader;
}

class WordReader {
  /** What can follow. */
  line: CommandLine;
  /** The words that name the command: `setup`, `eks`. */
  readonly path: string[] = [];
  /** All other words, in their order: options with their values, `-ojson` as `-o=json`, and the rest. */
  readonly words: string[] = [];
  /** Values of the options given so far, by name; empty for one that takes nothing. */
  readonly given = new Map<string, string[]>();
  /** Words that belong to no option, after those that name the command. */
  positionals = 0;
  /** Whether an option was given that no command on this path has. */
  hasUnknown = false;
  /** Whether one was given before the last word of the path. */
  hasUnknownBefore = false;
  /** The option whose value comes next, or may come next if it takes many. */
  waiting: Flag | undefined;
  /** Whether a `--` was typed: everything after it belongs to another program. */
  isBehindDashes = false;
  /** The word before was an unknown option: this one may be its value. */
  #isAfterUnknown = false;

  constructor(root: CommandLine) {
    this.line = root;
  }

  read(word: string): void {
    if (this.#isValue(word)) this.#takeValue(word);
    else if (word.startsWith("-") && word !== "-") this.#readOptions(word);
    else if (this.#isCommand(word)) this.#enter(word);
    else this.#takeWord(word);
  }

  end(behind: readonly string[]): void {
    this.words.push(...behind);
    this.waiting = undefined;
    this.isBehindDashes = true;
  }

  #isValue(word: string): boolean {
    if (this.waiting === undefined) return false;
    return this.waiting.takes === "one" || !(word.startsWith("-") || this.#isCommand(word));
  }

  #takeValue(word: string): void {
    this.given.get(this.waiting?.name ?? "")?.push(word);
    this.words.push(word);
    if (this.waiting?.takes === "one") this.waiting = undefined;
  }

  #readOptions(word: string): void {
    const flags = this.#flags(word);
    for (const option of unglued(word, flags)) {
      const { flag, value } = splitFlag(flags, option);
      this.words.push(option);
      this.hasUnknown ||= flag === undefined;
      this.#isAfterUnknown = flag === undefined && value === undefined;
      this.waiting = value !== undefined || flag?.takes === "nothing" ? undefined : flag;
      if (flag === undefined) continue;
      const values = this.given.get(flag.name) ?? [];
      if (value !== undefined) values.push(value);
      this.given.set(flag.name, values);
    }
  }

  /** Options of commands that may follow are read only if the word is not one of ours, as that takes 20 milliseconds. */
  #flags(word: string): readonly Flag[] {
    const { commands, flags } = this.line;
    const isOurs = commands.length === 0 || splitFlag(flags, word).flag !== undefined;
    return isOurs ? flags : flagsBelow(this.line);
  }

  #isCommand(word: string): boolean {
    return this.positionals === 0 && this.line.commands.some(({ name }) => name === word);
  }

  #enter(command: string): void {
    this.#settle();
    this.path.push(command);
    this.hasUnknownBefore = this.hasUnknown;
    this.line = this.line.behind(command) ?? this.line;
  }

  #takeWord(word: string): void {
    const isValue = this.#isAfterUnknown && this.line.commands.length > 0;
    this.#settle();
    this.words.push(word);
    if (!isValue) this.positionals += 1;
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

/** A command line, with the words that name the command in front. */
export interface ArrangedWords {
  /** The words that name the command; `words` begin with them. */
  readonly path: readonly string[];
  readonly words: readonly string[];
  /** A switch with a value other than true or false, as it was typed: `--offline`. */
  readonly oddSwitch?: string;
}

/**
 * Puts the words that name the command first, and separates what is glued together. What follows `--` stays as it is. A group of
 * commands without one shows its help, and `help setup eks` is `setup eks --help`.
 */
export function arrangeWords(root: CommandLine, args: readonly string[]): ArrangedWords {
  const typed = readTyped(root, args[0] === "help" ? [...args.slice(1), "--help"] : args);
  const { path, words, line } = typed;
  const isGroupAlone =
    line.commands.length > 0 &&
    typed.positionals === 0 &&
    !typed.hasUnknown &&
    !typed.isBehindDashes &&
    [...typed.given.keys()].every((name) => line.flags.some((flag) => flag.name === name));
  const needsHelp = isGroupAlone && !words.some((word) => ["--help", "-h", "--version"].includes(word));
  const oddSwitch = oddSwitchOf(typed);
  return {
    path,
    words: [...path, ...words, ...(needsHelp ? ["--help"] : [])],
    ...(oddSwitch === undefined ? {} : { oddSwitch }),
  };
}

/** A switch with a value that is neither yes nor no. */
function oddSwitchOf({ line, words, given }: TypedWords): string | undefined {
  const odd = line.flags.find(
    ({ name, takes }) =>
      takes === "nothing" && given.get(name)?.some((value) => !["true", "false"].includes(value)),
  );
  return words.map((word) => word.split("=", 1)[0]).find((word) => odd?.spellings.includes(word ?? ""));
}

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

/** The options that may still be meant: those of this command, and of all commands below it. */
export function flagsBelow(line: CommandLine): Flag[] {
  const behind = line.commands.flatMap(({ name }) => {
    const next = line.behind(name);
    return next === undefined ? [] : flagsBelow(next);
  });
  return [...line.flags, ...behind];
}

/** Groups of commands with a default command. */
const USUAL_COMMAND: Readonly<Record<string, string>> = { keys: "list" };

const HELP = ["--help", "-h", "help", "--version"];

/** The arranged words, with the default command of a group that was named without one; its help stays its own. */
export function withUsualCommand(root: CommandLine, args: readonly string[]): ArrangedWords {
  const typed = arrangeWords(root, args);
  const [group = "", ...deeper] = typed.path;
  const usual = deeper.length === 0 && Object.hasOwn(USUAL_COMMAND, group) ? USUAL_COMMAND[group] : undefined;
  const next = typed.words[1];
  const isNamed = next !== undefined && !next.startsWith("-");
  if (usual === undefined || isNamed || args.some((word) => HELP.includes(word))) return typed;
  return arrangeWords(root, [group, usual, ...args.toSpliced(args.indexOf(group), 1)]);
}

/** A command line, and how the user calls us: `kubectl vouch`. */
export interface TypedLine extends ArrangedWords {
  readonly program: string;
  readonly known: KnownNames;
}

/** Names in the files on this machine, which are not secret. */
export interface KnownNames {
  readonly contexts: readonly string[];
  readonly profiles: readonly string[];
}
