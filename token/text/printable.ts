/**
 * Foreign text on a terminal. A file, a server or a program may have put characters into it that move the cursor, change colors,
 * reverse the writing direction or hide text; such a character is shown by its number instead.
 */

/** Matches nearly all of our texts. Tried first: V8 takes milliseconds to build the character sets below. */
const ASCII = /^[ -~]*$/;
const ASCII_LINES = /^[\t\n -~]*$/;

/** Control, format (bidirectional ones among them), invisible and line-separating characters, and halves of a pair. */
const eachUnshown = once(() => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu);

/** Characters that are not shown in a text of several lines: all of those but tabs and line ends. */
const eachInLines = once(
  () => /(?![\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu,
);

/** Whether a terminal shows a text unchanged, in one line. */
export function isPrintable(text: string): boolean {
  return ASCII.test(text) || text.search(eachUnshown()) < 0;
}

/** A text as one line in which every character is visible: other characters become `\u001b`, as in JSON. */
export function shown(text: string): string {
  return ASCII.test(text) ? text : text.replaceAll(eachUnshown(), escaped);
}

/**
 * A text of several lines in which every character is visible. JSON stays JSON with the same meaning, since it has such characters
 * only in its strings.
 */
export function shownLines(text: string): string {
  return ASCII_LINES.test(text) ? text : text.replaceAll(eachInLines(), escaped);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function escaped(sign: string): string {
  return Array.from({ length: sign.length }, (_, index) => unit(sign.charCodeAt(index))).join("");
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

/** The escape sequences with which programs color their output. Source: ECMA-48, 8.3.117 (SGR), and 8.3.41 (EL), used with it. */
const COLOR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[mK]`, "g");

/** A text without colors. */
export function withoutColors(text: string): string {
  return text.replaceAll(COLOR, "");
}
