/** Replaces the characters from `start` up to `end` by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices to a text; where two overlap, the one that begins first counts. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: inserted } of splices.toSorted((one, other) => one.start - other.start)) {
    if (start < done) continue;
    parts.push(text.slice(done, start), inserted);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}
