import { type Command, run, writeFile } from "../command/command.ts";
import type { Utf16Kind } from "./utf16-kind.ts";

/**
 * Converts a file to UTF-8. The original is kept, and the file keeps its mode, since it may hold secrets. On Windows the result
 * is another file, for a user to move into place.
 */
export function toUtf8(file: string, { order, isMarked }: Utf16Kind): readonly Command[] {
  if (globalThis.process?.platform === "win32") {
    const encoding = order === "little" ? "Unicode" : "BigEndianUnicode";
    const read = run("Get-Content", `-Encoding ${encoding} -LiteralPath`, {}, file);
    return [writeFile(read, `${file}.utf8`)];
  }
  const original = `${file}.utf16`;
  const name = isMarked ? "UTF-16" : `UTF-16${order === "little" ? "LE" : "BE"}`;
  return [
    run("cp", "-p", {}, file, original),
    writeFile(run("iconv", `-f ${name} -t UTF-8`, {}, original), file),
  ];
}
