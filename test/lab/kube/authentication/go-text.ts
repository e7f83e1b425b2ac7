/** Text as Go's programs hold and print it: bytes, here the characters U+0000 to U+00FF of a string. */

/** What is no UTF-8 becomes U+FFFD. */
export function asText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

const NAMED: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
};

/** A character of UTF-8, or a byte that is none. */
const CHARACTER =
  /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}|[\s\S]/g;

/** `%q`. Source: Go 1.26, strconv, `Quote`. */
export function quoted(bytes: string): string {
  return `"${bytes.replaceAll(CHARACTER, (character) => NAMED[character] ?? escapedCharacter(character))}"`;
}

function escapedCharacter(bytes: string): string {
  const code = bytes.charCodeAt(0);
  if (bytes.length === 1) return code >= 0x20 && code < 0x7f ? bytes : `\\x${hex(code, 2)}`;
  const text = asText(bytes);
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(text)) return text;
  const point = text.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
