import type { CommandLine } from "./command-line.ts";
import { readTyped, type TypedWords } from "./typed-words.ts";

/** A command line, with the words that name the command in front. */
export interface ArrangedWords {
  /** The words that name the command; `words` begin with them. */
  readonly path: readonly string[];
  readonly words: readonly string[];
  /** A switch that was given a value other than true or false, as it was typed: `--offline`. */
  readonly oddSwitch?: string;
}

/**
 * Puts the words that name the command first, and separates what is glued together. What follows `--` stays as it is. A group of
 * commands without one shows its help, and `help setup eks` is `setup eks --help`.
 */
export function arrangeWords(root: CommandLine, args: readonly string[]): ArrangedWords {
  const typed = readTyped(root, args[0] === "help" ? [...args.slice(1), "--help"] : args);
  const { path, words, line } = typed;
  const isAskedForNothing =
    line.commands.length > 0 &&
    typed.positionals === 0 &&
    !typed.hasUnknown &&
    !typed.isBehindDashes &&
    [...typed.given.keys()].every((name) => line.flags.some((flag) => flag.name === name));
  const needsHelp = isAskedForNothing && !words.some((word) => ["--help", "-h", "--version"].includes(word));
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
