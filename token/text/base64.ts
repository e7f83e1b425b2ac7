/** The UTF-8 text behind base64 or base64url, without Node. Throws for anything else. */
export function textFromBase64(digits: string): string {
  const binary = atob(digits.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
