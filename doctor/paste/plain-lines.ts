import { withoutColors } from "../../token/text/colors.ts";

/** What logs and quotes put before each line: a time, its number, the sign of a quote, blanks. */
const PREFIXES: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? /,
  /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\] /,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
  /^ {0,6}\d{1,6}(?:\t| \| ?| {2})/,
  /^> ?/,
  /^(?:\t| {2,8})/,
];

/** Fences of Markdown, and marks of CI systems: they say nothing of themselves. */
const MARK = /^(?:`{3,}\w*|~{3,}\w*|##\[(?:end)?group\].*|::(?:end)?group::.*|section_(?:start|end):.*)$/;

/** A text as its program wrote it, line for line: without colors, blanks that do not break, ends of lines of Windows, and what was put before every line. */
export function plainLines(text: string): string {
  let lines = withoutColors(text)
    .replace(/^\ufeff/, "")
    .replaceAll("\u00a0", " ")
    .replaceAll(/\r\n?/g, "\n")
    .split("\n")
    .map(withoutMark);
  for (const prefix of PREFIXES) {
    const isEverywhere = lines.filter((line) => line.trim() !== "").every((line) => prefix.test(line));
    if (isEverywhere) lines = lines.map((line) => withoutMark(line.replace(prefix, "")));
  }
  return lines.join("\n");
}

function withoutMark(line: string): string {
  return MARK.test(line.trim()) ? "" : line.replace(/^##\[(?:error|warning|debug|command)\]/, "");
}
