import { escaped, UnprintableCommand } from "./unprintable.ts";
import { isPlain, type Word } from "./word.ts";

/**
 * A word that bash, dash, zsh and fish all pass on unchanged. Between single quotes, fish reads a backslash before another
 * backslash or before the closing quote as an escape; such a backslash is put outside the quotes.
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
 * The program's word: a plain name, or a path. Quotes do not help with others: fish still interprets a quoted `!`, bash a quoted
 * `%1` as a job, and zsh a quoted `-` as a prefix.
 *
 * @throws UnprintableCommand
 */
export function posixProgram(word: Word): string {
  if (typeof word !== "string" || /^[^%+-].*[/\\]/.test(word)) return posixWord(word);
  if (/^[A-Za-z0-9][\w.+-]*$/.test(word) && !RESERVED.has(word)) return word;
  throw new UnprintableCommand(`${escaped(word)} is not a program name that every shell can run`);
}

/** Source: POSIX.1-2024, 2.4 and 2.15; the manuals of bash, zsh and fish. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    "case do done elif else esac fi for if in then until while function select time coproc",
    "repeat foreach end nocorrect noglob begin switch and or not builtin command exec eval source",
  ].flatMap((line) => line.split(" ")),
);
