/** The escape sequences with which programs color their output. Source: ECMA-48, 8.3.117 (SGR), and 8.3.41 (EL), used with it. */
const COLOR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[mK]`, "g");

/** A text without colors. */
export function withoutColors(text: string): string {
  return text.replaceAll(COLOR, "");
}
