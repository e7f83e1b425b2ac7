/** What may stand before the content of a line: quote marks, frames, a time, a line number. */
const BEFORE =
  /[ \t>│┃║]{1,100}|\|[ \t]|\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]|\d{1,6}(?:[ \t]?[.:|│][ \t]|\t| {2})/y;

/** No line has more of these. */
const MOST_BEFORE = 6;

/** The content of a line, without what a mail, a log, a frame or a shell's backslash put around it. */
export interface LineContent {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function contentOf(line: string): LineContent {
  let start = 0;
  for (let count = 0; count < MOST_BEFORE; count += 1) {
    BEFORE.lastIndex = start;
    const length = BEFORE.exec(line)?.[0].length ?? 0;
    if (length === 0) break;
    start += length;
  }
  const frame = line.slice(start).search(/[│┃║]/);
  const inside = (frame < 0 ? line.slice(start) : line.slice(start, start + frame)).trimEnd();
  const text = inside.endsWith("\\") && !inside.endsWith("\\\\") ? inside.slice(0, -1).trimEnd() : inside;
  return { start, end: start + text.length, text };
}

/** The line with other content. */
export function withContent(line: string, text: string): string {
  const { start, end } = contentOf(line);
  return `${line.slice(0, start)}${text}${line.slice(end)}`;
}
