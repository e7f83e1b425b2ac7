import { utf16Kind } from "../../token/files/utf16-kind.ts";

/** The text of a file. Windows PowerShell's `>` writes UTF-16; read as UTF-8, no secret in it would be recognized. */
export function fileText(bytes: Uint8Array<ArrayBuffer>): string {
  const kind = utf16Kind(bytes);
  const encoding = kind === undefined ? "utf-8" : kind.order === "little" ? "utf-16le" : "utf-16be";
  return new TextDecoder(encoding).decode(bytes);
}
