import { isPrintable, shown } from "../text/printable.ts";

/** Why a command cannot be printed: the message names the value, escaped, and what is wrong with it. */
export class UnprintableCommand extends Error {
  override readonly name = "UnprintableCommand";
}

/** A text as a JSON string in which every character can be seen. */
export function escaped(text: string): string {
  return shown(JSON.stringify(text));
}

/** @throws UnprintableCommand */
export function requirePrintable(text: string): void {
  if (isPrintable(text)) return;
  throw new UnprintableCommand(`${escaped(text)} contains characters that a terminal does not display`);
}
