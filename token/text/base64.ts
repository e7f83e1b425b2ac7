/**
 * The UTF-8 text behind base64 or base64url, without Node; U+FFFD stands for what is no UTF-8. Blanks are passed over, and padding
 * may be left out. Throws for other characters, and where one character is left over or the padding is cut off.
 */
export function textFromBase64(digits: string): string {
  const binary = atob(digits.replaceAll("-", "+").replaceAll("_", "/"));
  return UTF8.decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

/** That keeps a byte order mark: a URL that begins with one is none. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
