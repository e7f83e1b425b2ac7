import { withoutColors } from "../../token/text/colors.ts";

/** What logs and quotes put before each line: a time, a line number, a quote mark, blanks. */
const PREFIXES: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? /,
  /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\] /,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
  /^ {0,6}\d{1,6}(?:\t| \| ?| {2})/,
  /^> ?/,
  /^(?:\t| {2,8})/,
];

/** Code fences of Markdown, and group markers of CI systems. */
const MARK = /^(?:`{3,}\w*|~{3,}\w*|##\[(?:end)?group\].*|::(?:end)?group::.*|section_(?:start|end):.*)$/;

/** A text as its program wrote it, line for line: without colors, no-break spaces, Windows' line ends, and common prefixes. */
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
