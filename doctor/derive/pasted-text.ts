/**
 * Pasted words made plain for matching: without terminal colours, the frame Terraform draws, line breaks and the escapes
 * of quotes inside JSON. Not for showing.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(COLOUR, "")
    .replaceAll(/^[ \t]*[│╷╵|](?=[ \t\r\n]|$)/gm, " ")
    .replaceAll(/(?<!\\)\\+(["'])/g, "$1")
    .replaceAll(/(?<!\\)\\+[nrt](?![\w\\])/g, " ")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Select Graphic Rendition, what programs colour their words with. Source: ECMA-48, 8.3.117. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
