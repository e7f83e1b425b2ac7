/** Why a command cannot be printed: the message names the value, escaped, and what is wrong with it. */
export class UnprintableCommand extends Error {
  override readonly name = "UnprintableCommand";
}

/** Control, format (bidirectional ones among them), line-separating and ignorable characters, and halves of a pair. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a terminal shows a text as it is. */
export function isPrintable(text: string): boolean {
  return !UNSHOWN.test(text);
}

/** A text in which every character can be seen: others stand as `\\u001b`. */
export function shown(text: string): string {
  return text.replaceAll(EACH_UNSHOWN, (sign) =>
    Array.from({ length: sign.length }, (_, index) => hex(sign.charCodeAt(index))).join(""),
  );
}

const EACH_UNSHOWN = new RegExp(UNSHOWN, "gu");

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** A text as a JSON string in which every character can be seen. */
export function escaped(text: string): string {
  return shown(JSON.stringify(text));
}

/** @throws UnprintableCommand */
export function requirePrintable(text: string): void {
  if (isPrintable(text)) return;
  throw new UnprintableCommand(`${escaped(text)} holds characters that a terminal does not show`);
}
