/**
 * Texts of others on a terminal. A file, a server or a program may have put characters into them that move the cursor, change
 * colors, turn the direction of writing or hide what stands there; such a character is shown by its number instead.
 */

/** Control, format (bidirectional ones among them), invisible and line-separating characters, and halves of a pair. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

const EACH_UNSHOWN = new RegExp(UNSHOWN, "gu");

/** The same, but for tabs and ends of lines. */
const EACH_IN_LINES = new RegExp(`(?![\\n\\t]|\\r\\n)${UNSHOWN.source}`, "gu");

/** Whether a terminal shows a text as it is, in one line. */
export function isPrintable(text: string): boolean {
  return !UNSHOWN.test(text);
}

/** A text as one line in which every character can be seen: others stand as `\u001b`, as in JSON. */
export function shown(text: string): string {
  return text.replaceAll(EACH_UNSHOWN, escaped);
}

/**
 * The same for a text of several lines. What was JSON stays JSON that says the same, since JSON has such characters only in
 * its strings.
 */
export function shownLines(text: string): string {
  return text.replaceAll(EACH_IN_LINES, escaped);
}

function escaped(sign: string): string {
  return Array.from({ length: sign.length }, (_, index) => unit(sign.charCodeAt(index))).join("");
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
