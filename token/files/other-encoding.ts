import { edit } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { UnreadableFile } from "./plain-file.ts";
import { toUtf8 } from "./utf8-commands.ts";
import { type Utf16Kind, utf16Kind } from "./utf16-kind.ts";

export const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Says which encoding a file has if not UTF-8, with the commands that convert it, or the line where it stops being UTF-8. */
export function otherEncoding(file: string, bytes: Buffer, cause?: unknown): UnreadableFile {
  const kind = utf16Kind(bytes);
  if (kind !== undefined) {
    const mark = kind.isMarked ? "" : ", without byte order mark";
    return new UnreadableFile(file, `its text is UTF-16, ${kind.order}-endian${mark}, but must be UTF-8`, {
      cause,
      hint: conversion(file, kind),
    });
  }
  const line = firstOtherLine(bytes);
  return new UnreadableFile(file, `it is not UTF-8 text: the first invalid byte is in line ${line}`, {
    cause,
    hint: withCommands`Rewrite that line in UTF-8: ${edit(file, line)}`,
  });
}

/** Windows PowerShell writes UTF-16 with `>`. */
function conversion(file: string, kind: Utf16Kind): string {
  const [first, second] = toUtf8(file, kind);
  if (first === undefined) return "";
  return second === undefined
    ? withCommands`Convert it to a new file and replace the original: ${first}`
    : withCommands`Convert it but keep the original: ${first}, then ${second}`;
}

function firstOtherLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    try {
      UTF8.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}
