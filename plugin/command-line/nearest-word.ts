/** The one of these words that was probably meant: at most two letters, and no more than half of them, are wrong. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, wrong: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, wrong }) => wrong <= Math.min(2, Math.floor(candidate.length / 2)))
    .sort((a, b) => a.wrong - b.wrong);
  return ranked[0]?.candidate ?? known.find((candidate) => word.length > 2 && candidate.startsWith(word));
}

/** How many letters must be added, dropped, changed or swapped with a neighbor (Damerau and Levenshtein). */
function distance(one: string, other: string): number {
  const at = (rows: readonly (readonly number[])[], row: number, column: number) =>
    rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(rows, row - 1, column) + 1,
        at(rows, row, column - 1) + 1,
        at(rows, row - 1, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(rows, row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(rows, one.length, other.length);
}
