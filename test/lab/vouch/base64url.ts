/** Strict base64url: no padding, no foreign characters, no left-over bits. Undefined for anything else. */
export function decodeBase64url(text: unknown): Buffer | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
