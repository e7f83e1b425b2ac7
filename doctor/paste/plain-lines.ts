import { withoutColors } from "../../token/text/printable.ts";
import { CONTINUED } from "./turns.ts";

/** What logs put before lines: a time. A line of a message that has several may lack it. */
const STAMPS: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? /,
  /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\] /,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
];

/** What quotes and editors put before each line: a line number, a quote mark, blanks. */
const PREFIXES: readonly RegExp[] = [/^ {0,6}\d{1,6}(?:\t| \| ?| {2})/, /^> ?/, /^(?:\t| {2,8})/];

/** One of so many lines may be without a stamp. */
const FEW = 5;

/** Code fences of Markdown, and group markers of CI systems. */
const MARK = /^(?:`{3,}\w*|~{3,}\w*|##\[(?:end)?group\].*|::(?:end)?group::.*|section_(?:start|end):.*)$/;

/**
 * A text as its program wrote it, line for line: without colors, Windows' line ends, the prefixes of logs and quotes, frames, and
 * what word processors and readers of pictures put in the place of blanks and quotes. Letters and digits are never guessed.
 */
export function plainLines(text: string): string {
  let lines = withoutColors(text)
    .replaceAll(/[\u200b\u2060\ufeff\u00ad]/g, "")
    .replaceAll(/[\u00a0\u2007\u202f]/g, " ")
    .replaceAll(/\r\n?/g, "\n")
    .split("\n")
    .map(withoutMark)
    .map(withStraightQuotes);
  for (const [prefixes, few] of [
    [STAMPS, FEW],
    [PREFIXES, Number.POSITIVE_INFINITY],
  ] as const)
    for (const prefix of prefixes) {
      const filled = lines.filter((line) => line.trim() !== "");
      const without = filled.filter((line) => !prefix.test(line)).length;
      const isCommon = without <= filled.length / few;
      if (isCommon) lines = lines.map((line) => withoutMark(line.replace(prefix, "")));
    }
  return withoutIndentation(withoutFrames(withoutQuoting(lines))).join("\n");
}

function withoutMark(line: string): string {
  return MARK.test(line.trim()) ? "" : line.replace(/^##\[(?:error|warning|debug|command)\]/, "");
}

/** Typographic quotes as typed ones, in a line that has no others. */
function withStraightQuotes(line: string): string {
  const double = line.includes('"') ? line : line.replaceAll(/[“”„]/g, '"');
  return double.includes("'") ? double : double.replaceAll(/[‘’]/g, "'");
}

/** Fewer lines than this that begin with `>` may be prompts, or continue a command. */
const QUOTED_LINES = 3;

/** Lines without the quote marks of mails and chats, where some lines in a row have them. */
function withoutQuoting(lines: readonly string[]): string[] {
  return inRuns(
    lines,
    (line) => line.startsWith(">"),
    (run, before) =>
      run.length < QUOTED_LINES || CONTINUED.has(before.trimEnd().at(-1) ?? "")
        ? run
        : run.map((line) => withoutMark(line.replace(/^(?:> ?){1,9}/, ""))),
  );
}

/** Lines without a box that stands around all of several in a row. Terraform's frames are open at the right. */
function withoutFrames(lines: readonly string[]): string[] {
  return inRuns(
    lines,
    (line) => /^\s{0,8}[│┃║].*[│┃║]$/.test(line.trimEnd()),
    (run) => (run.length < 2 ? run : run.map((line) => line.trim().slice(1, -1).replace(/^ /, "").trimEnd())),
  );
}

/** Every run of lines that belong together, changed; `before` is the line above it. */
function inRuns(
  lines: readonly string[],
  belongs: (line: string) => boolean,
  change: (run: readonly string[], before: string) => readonly string[],
): string[] {
  const changed: string[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && belongs(lines[end] ?? "")) end += 1;
    if (end > start)
      for (const line of change(lines.slice(start, end), lines[start - 1] ?? "")) changed.push(line);
    if (end < lines.length) changed.push(lines[end] ?? "");
    start = end + 1;
  }
  return changed;
}

/** A block of code in a text of Markdown: it is indented, and begins with a command at a prompt. */
function withoutIndentation(lines: readonly string[]): string[] {
  let indentation = "";
  return lines.map((line) => {
    const [, own] = /^( {4,8}|\t)(?:[$%❯] |\[?[\w.-]{1,64}@[\w.-]{1,64}[: ])\S/.exec(line) ?? [];
    if (line.trim() !== "" && !line.startsWith(indentation)) indentation = "";
    if (indentation === "" && own !== undefined) indentation = own;
    return line.startsWith(indentation) ? line.slice(indentation.length) : line;
  });
}
