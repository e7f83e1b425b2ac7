/** One line of a comparison; positions are those of the old and the new text. */
export interface DiffStep {
  readonly kind: "same" | "removed" | "added";
  readonly oldLine: number;
  readonly newLine: number;
}

/** A stretch of both texts, ends exclusive. */
interface Range {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Up to this many pairs of lines are all compared, for the shortest difference; 4 bytes each. */
const MAX_PAIRS = 1_000_000;

/**
 * What to remove and add to get from the old lines to the new ones. Large texts are cut at lines that stand once in
 * both, so that a file of a thousand clusters takes no noticeable time.
 */
export function compareLines(old: readonly string[], changed: readonly string[]): DiffStep[] {
  const steps: DiffStep[] = [];
  const push = (kind: DiffStep["kind"], oldLine: number, newLine: number) =>
    steps.push({ kind, oldLine, newLine });

  const walk = ({ oldStart, oldEnd, newStart, newEnd }: Range): void => {
    let [from, to] = [oldStart, newStart];
    while (from < oldEnd && to < newEnd && old[from] === changed[to]) push("same", from++, to++);
    let common = 0;
    while (
      oldEnd - common > from &&
      newEnd - common > to &&
      old[oldEnd - common - 1] === changed[newEnd - common - 1]
    )
      common += 1;
    const middle = { oldStart: from, oldEnd: oldEnd - common, newStart: to, newEnd: newEnd - common };
    compareMiddle(middle);
    for (let index = common; index > 0; index -= 1) push("same", oldEnd - index, newEnd - index);
  };

  const compareMiddle = (range: Range): void => {
    const anchors = isSmall(range) ? longestCommon(old, changed, range) : uniqueAnchors(old, changed, range);
    let { oldStart: from, newStart: to } = range;
    for (const [oldLine, newLine] of [...anchors, [range.oldEnd, range.newEnd] as const]) {
      const between = { oldStart: from, oldEnd: oldLine, newStart: to, newEnd: newLine };
      if (isSmall(range) || anchors.length === 0) replaceRange(between);
      else walk(between);
      if (oldLine < range.oldEnd) push("same", oldLine, newLine);
      [from, to] = [oldLine + 1, newLine + 1];
    }
  };

  const replaceRange = ({ oldStart, oldEnd, newStart, newEnd }: Range): void => {
    for (let line = oldStart; line < oldEnd; line += 1) push("removed", line, newStart);
    for (let line = newStart; line < newEnd; line += 1) push("added", oldEnd, line);
  };

  walk({ oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: changed.length });
  return steps;
}

function isSmall({ oldStart, oldEnd, newStart, newEnd }: Range): boolean {
  return (oldEnd - oldStart) * (newEnd - newStart) <= MAX_PAIRS;
}

/** Pairs of equal lines, as many as can be had in order. */
function longestCommon(old: readonly string[], changed: readonly string[], range: Range): [number, number][] {
  const [height, width] = [range.oldEnd - range.oldStart, range.newEnd - range.newStart];
  const isEqual = (row: number, column: number) =>
    old[range.oldStart + row] === changed[range.newStart + column];
  const lengths = new Uint32Array((height + 1) * (width + 1));
  const at = (row: number, column: number) => lengths[row * (width + 1) + column] ?? 0;
  for (let row = height - 1; row >= 0; row -= 1) {
    for (let column = width - 1; column >= 0; column -= 1) {
      lengths[row * (width + 1) + column] = isEqual(row, column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < height && column < width; ) {
    if (isEqual(row, column)) pairs.push([range.oldStart + row++, range.newStart + column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** Pairs of lines that stand once in both stretches, in order in both. */
function uniqueAnchors(old: readonly string[], changed: readonly string[], range: Range): [number, number][] {
  const oldLines = uniqueLines(old, range.oldStart, range.oldEnd);
  const newLines = uniqueLines(changed, range.newStart, range.newEnd);
  const pairs: [number, number][] = [];
  for (const [line, oldLine] of oldLines) {
    const newLine = newLines.get(line);
    if (newLine === undefined) continue;
    if (newLine > (pairs.at(-1)?.[1] ?? -1)) pairs.push([oldLine, newLine]);
  }
  return pairs;
}

function uniqueLines(lines: readonly string[], start: number, end: number): Map<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (let index = start; index < end; index += 1) {
    const line = lines[index] ?? "";
    if (found.has(line)) repeated.add(line);
    found.set(line, index);
  }
  for (const line of repeated) found.delete(line);
  return found;
}
