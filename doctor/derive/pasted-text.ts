import { withoutColors } from "../../token/text/colors.ts";

/**
 * Pasted words made plain for matching: without terminal colors, the frame Terraform draws, line breaks and the escapes
 * of quotes inside JSON. Not for showing.
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

/** So much of either end of a longer text is searched, in characters: an error stands in one of them. */
const PASTED_HALF = 64 * 1024;

/** A text, or both its ends. */
export function abridged(text: string): string {
  if (text.length <= 2 * PASTED_HALF) return text;
  return `${text.slice(0, PASTED_HALF)}\n${text.slice(-PASTED_HALF)}`;
}
