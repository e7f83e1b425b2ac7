import { withoutColors } from "../../token/text/printable.ts";

/**
 * A pasted text normalized for matching: without terminal colors, Terraform's frame, line breaks, and the backslashes before
 * quotes inside JSON. Not for display.
 */
export function plainText(text: string): string {
  return unwrapped(withoutColors(text))
    .replaceAll(/^[ \t]*[│╷╵|](?=[ \t\r\n]|$)/gm, " ")
    .replaceAll(/(?<!\\)\\+(["'])/g, "$1")
    .replaceAll(/(?<!\\)\\+[nrt](?![\w\\])/g, " ")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** A terminal is hardly narrower, in characters. */
const NARROWEST = 60;

/**
 * A text whose lines a terminal has broken at its width, without these breaks: where one of the longest lines ends within a word
 * in quotes or within an ARN, the others of that length are broken, too.
 */
function unwrapped(text: string): string {
  const lines = text.split("\n");
  const width = lines.reduce((longest, { length }) => Math.max(longest, length), 0);
  const isFull = (line: string, index: number) =>
    line.length === width && /^\S/.test(lines[index + 1] ?? "") && /\S$/.test(line);
  if (width < NARROWEST || !lines.some((line, index) => isFull(line, index) && isBroken(line))) return text;
  return lines
    .map((line, index) => line + (isFull(line, index) ? "" : "\n"))
    .join("")
    .slice(0, -1);
}

/** Whether a line ends within a word in quotes, or within an ARN. */
function isBroken(line: string): boolean {
  const quotes = line.split('"');
  const last = quotes.at(-1) ?? "";
  return (
    (quotes.length % 2 === 0 && /^[\w:/.@+=,-]{3,400}$/.test(last)) ||
    /\barn:[\w-]{0,20}(?::[\w-]{0,30}){0,4}(?<!:root)$/.test(line)
  );
}

/** How much of each end of a longer text is searched, in characters: the error is at one of the ends. */
const PASTED_HALF = 64 * 1024;

/** A short text as it is; of a long one both its ends. */
export function abridged(text: string): string {
  if (text.length <= 2 * PASTED_HALF) return text;
  return `${text.slice(0, PASTED_HALF)}\n${text.slice(-PASTED_HALF)}`;
}
