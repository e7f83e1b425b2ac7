/** Replaces the characters from `start` up to `end` by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices to a text. Those at one offset keep their order. Throws `RangeError` where two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: inserted } of inOrder(splices)) {
    if (start < done || end < start) throw new RangeError("edits overlap");
    parts.push(text.slice(done, start), inserted);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

/** Those of the splices that overlap no other, and of two that do the one that begins first; in order. */
export function withoutOverlaps(splices: readonly Splice[]): Splice[] {
  let done = 0;
  return inOrder(splices).filter(({ start, end }) => {
    if (start < done) return false;
    done = end;
    return true;
  });
}

function inOrder(splices: readonly Splice[]): Splice[] {
  return splices.toSorted((one, other) => one.start - other.start);
}
