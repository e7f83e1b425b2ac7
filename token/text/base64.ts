/**
 * The UTF-8 text encoded in base64 or base64url, decoded without Node; invalid UTF-8 becomes U+FFFD. Blanks are skipped, and
 * padding may be omitted. Throws for other characters, and if one character is left over or the padding is incomplete.
 */
export function textFromBase64(digits: string): string {
  const binary = atob(digits.replaceAll("-", "+").replaceAll("_", "/"));
  return UTF8.decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

/** Keeps a byte order mark, since a URL that begins with one is invalid. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
