import { type Command, run, runPerSystem, writeFile } from "../command/command.ts";
import { shellHere } from "../command/sentence.ts";

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

/**
 * Converts a file to UTF-8. The original is kept, and the file keeps its mode, since it may hold secrets. On Windows the result
 * is another file, for a user to move into place.
 */
export function toUtf8(file: string, { order, isMarked }: Utf16Kind): readonly Command[] {
  const name = isMarked ? "UTF-16" : `UTF-16${order === "little" ? "LE" : "BE"}`;
  const toText = ["iconv", "-f", name, "-t", "UTF-8"];
  if (shellHere() !== "bash") {
    const encoding = order === "little" ? "Unicode" : "BigEndianUnicode";
    const powershell = `Get-Content -Encoding ${encoding} -LiteralPath`;
    return [writeFile(runPerSystem(toText, { powershell }, file), `${file}.utf8`)];
  }
  const original = `${file}.utf16`;
  return [
    run("cp", "-p", {}, file, original),
    writeFile(run("iconv", `-f ${name} -t UTF-8`, {}, original), file),
  ];
}
