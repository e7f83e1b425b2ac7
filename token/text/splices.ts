/** Replaces the characters from `start` up to `end` by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices to a text. Those at the same position keep their order; overlapping ones are an error of the caller. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: inserted } of splices.toSorted((one, other) => one.start - other.start)) {
    if (start < done || end < start) throw new RangeError("edits overlap");
    parts.push(text.slice(done, start), inserted);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

/** The same for splices that may overlap: of two that do, the first one is applied. */
export function applyFirstSplices(text: string, splices: readonly Splice[]): string {
  let done = 0;
  const first = splices
    .toSorted((one, other) => one.start - other.start)
    .filter(({ start, end }) => {
      if (start < done) return false;
      done = end;
      return true;
    });
  return applySplices(text, first);
}

/** Offset of the first character of the line that contains `offset`. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset after the line that ends at `offset` or contains it; the end of the text if it is the last line. */
export function nextLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

/** The line ending of this text, by its first line. */
export function lineEnding(text: string): "\r\n" | "\n" {
  const newline = text.indexOf("\n");
  return newline > 0 && text[newline - 1] === "\r" ? "\r\n" : "\n";
}
