import { withoutColors } from "../../token/text/colors.ts";

/**
 * A pasted text normalized for matching: without terminal colors, Terraform's frame, line breaks, and the backslashes before
 * quotes inside JSON. Not for display.
 */
export function plainText(text: string): string {
  return withoutColors(text)
    .replaceAll(/^[ \t]*[│╷╵|](?=[ \t\r\n]|$)/gm, " ")
    .replaceAll(/(?<!\\)\\+(["'])/g, "$1")
    .replaceAll(/(?<!\\)\\+[nrt](?![\w\\])/g, " ")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** How much of each end of a longer text is searched, in characters: the error is at one of the ends. */
const PASTED_HALF = 64 * 1024;

/** A short text as it is; of a long one both its ends. */
export function abridged(text: string): string {
  if (text.length <= 2 * PASTED_HALF) return text;
  return `${text.slice(0, PASTED_HALF)}\n${text.slice(-PASTED_HALF)}`;
}
