import { escaped, UnprintableCommand } from "./unprintable.ts";
import { isPlain, type Word } from "./word.ts";

/**
 * A word that bash, dash, zsh and fish all hand on as it is. Between single quotes, fish reads a backslash before another
 * one, or before the closing quote, as an escape: such a backslash stands outside.
 */
export function posixWord(word: Word): string {
  if (typeof word !== "string") return `~/${posixWord(word.underHome)}`;
  if (isPlain(word)) return word;
  if (word === "") return "''";
  return word.replaceAll(/(?:[^'\\]|\\(?=[^'\\]))+|['\\]/g, (piece) =>
    /^['\\]$/.test(piece) ? `\\${piece}` : `'${piece}'`,
  );
}

/**
 * The program's word: a plain name, or a path. Quotes do not help with others: to fish a quoted `!` is still its own, to
 * bash a quoted `%1` is still a job, to zsh a quoted `-` is still a prefix.
 *
 * @throws UnprintableCommand
 */
export function posixProgram(word: Word): string {
  if (typeof word !== "string" || /^[^%+-].*[/\\]/.test(word)) return posixWord(word);
  if (/^[A-Za-z0-9][\w.+-]*$/.test(word) && !RESERVED.has(word)) return word;
  throw new UnprintableCommand(`${escaped(word)} is no name by which every shell runs a program`);
}

/** Source: POSIX.1-2024, 2.4 and 2.15; the manuals of bash, zsh and fish. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    "case do done elif else esac fi for if in then until while function select time coproc",
    "repeat foreach end nocorrect noglob begin switch and or not builtin command exec eval source",
  ].flatMap((line) => line.split(" ")),
);
