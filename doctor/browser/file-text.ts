import { utf16Kind } from "../../token/files/encoding.ts";

/** How a saved report begins and ends its evidence. */
const BEFORE_EVIDENCE = '<script type="application/json" id="evidence">';
const AFTER_EVIDENCE = "</script>";

/** The bundle within a saved report; undefined if it is no report, or has none. */
export function bundleOfReport(text: string): string | undefined {
  if (!/^\s*<!DOCTYPE html>/i.test(text.slice(0, 200))) return undefined;
  const begin = text.lastIndexOf(BEFORE_EVIDENCE);
  const end = text.indexOf(AFTER_EVIDENCE, begin);
  return begin < 0 || end < 0 ? undefined : text.slice(begin + BEFORE_EVIDENCE.length, end);
}

/** Formats without text in them, by their first bytes in hexadecimal. Source: https://en.wikipedia.org/wiki/List_of_file_signatures. */
const FORMATS: readonly (readonly [start: RegExp, words: string])[] = [
  [
    /^89504e47|^ffd8ff|^47494638|^424d.{8}0000|^52494646.{8}57454250|^.{8}66747970/,
    "a picture: copy the text in it, and paste that",
  ],
  [/^25504446/, "a PDF: copy the text in it, and paste that"],
  [/^7f454c46|^4d5a|^cffaedfe|^cefaedfe|^cafebabe|^0061736d/, "a program"],
  [
    /^fd377a585a00|^425a68|^28b52ffd|^377abcaf271c|^526172211a07/,
    "an archive in a format that is not supported: unpack it, and drop the files",
  ],
  [/^53514c69746520/, "a database"],
];

/** What a file is, if it holds no text. */
export function notText(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const start = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const format = FORMATS.find(([pattern]) => pattern.test(start))?.[1];
  if (format !== undefined) return format;
  const isTar = new TextDecoder("latin1").decode(bytes.subarray(257, 262)) === "ustar";
  if (isTar) return "a tar archive: unpack it, and drop the files";
  const isBinary = utf16Kind(bytes) === undefined && bytes.subarray(0, 4096).includes(0);
  return isBinary ? "binary data" : undefined;
}
