import { type Command, runPerSystem, writeFile } from "../command/command.ts";
import { copy } from "../command/tasks.ts";

/** The form of a UTF-16 text: its byte order, and whether a byte order mark gives it. */
export interface Utf16Kind {
  readonly order: "little" | "big";
  readonly isMarked: boolean;
}

/** Undefined if the text is not UTF-16. Without a mark it is recognized by the zeros in its first two ASCII characters. */
export function utf16Kind(bytes: Uint8Array): Utf16Kind | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return { order: "little", isMarked: true };
  if (first === 0xfe && second === 0xff) return { order: "big", isMarked: true };
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return { order: "little", isMarked: false };
  if (first === 0 && third === 0 && second && fourth) return { order: "big", isMarked: false };
  return undefined;
}

/** A text in UTF-8, or in the UTF-16 of Windows PowerShell's `>`: read as UTF-8, no secret in that would be recognized. */
export function decodedText(bytes: Uint8Array): string {
  const kind = utf16Kind(bytes);
  const encoding = kind === undefined ? "utf-8" : kind.order === "little" ? "utf-16le" : "utf-16be";
  return new TextDecoder(encoding).decode(bytes);
}

/** Converts a file to UTF-8. The original is kept, and the file keeps its mode, since it may hold secrets. */
export function toUtf8(file: string, { order, isMarked }: Utf16Kind): readonly Command[] {
  const original = `${file}.utf16`;
  const [posix, windows] = order === "little" ? ["UTF-16LE", "Unicode"] : ["UTF-16BE", "BigEndianUnicode"];
  const words = ["iconv", "-f", isMarked ? "UTF-16" : posix, "-t", "UTF-8"];
  const powershell = `Get-Content -Encoding ${windows} -LiteralPath`;
  return [copy(file, original), writeFile(runPerSystem(words, { powershell }, original), file)];
}
