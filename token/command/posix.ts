import type { Word } from "./run-words.ts";

/**
 * A word that bash, dash, zsh and fish all hand on as it is. Between single quotes, fish reads a backslash before another
 * one, or before the closing quote, as an escape: such a backslash stands outside. zsh looks a leading `=` up as a program.
 */
export function posixWord(word: Word): string {
  if (typeof word !== "string") return `~/${posixWord(word.underHome)}`;
  if (isPlain(word)) return word;
  if (word === "") return "''";
  return word.replaceAll(/(?:[^'\\]|\\(?=[^'\\]))+|['\\]/g, (piece) =>
    /^['\\]$/.test(piece) ? `\\${piece}` : `'${piece}'`,
  );
}

/** Whether no shell of the family changes the word. */
export function isPlain(word: string): boolean {
  return /^[\w@+:,./-][\w@%+=:,./-]*$/.test(word);
}

/** The program's word: quoted where the shell would take it for a word of its own, or for a variable to set. */
export function posixProgram(word: Word): string {
  const written = posixWord(word);
  return RESERVED.has(written) || (written === word && word.includes("=")) ? `'${written}'` : written;
}

/** Source: POSIX.1-2024, 2.4; the manuals of bash, zsh and fish. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    "case do done elif else esac fi for if in then until while function select time coproc",
    "repeat foreach end nocorrect noglob begin switch and or not builtin command exec",
  ].flatMap((line) => line.split(" ")),
);
