/** A text with the offsets at which its lines end, so that a line is found without going through the text again. */
export class Lines {
  readonly text: string;
  readonly #ends: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) this.#ends.push(end);
    this.#ends.push(text.length);
  }

  endOf(at: number): number {
    return this.#ends[this.#index(at)] ?? this.text.length;
  }

  startOf(at: number): number {
    return (this.#ends[this.#index(at) - 1] ?? -1) + 1;
  }

  /** The line that an offset is in; its line break belongs to it. */
  #index(at: number): number {
    return countWhile(this.#ends.length - 1, (index) => (this.#ends[index] ?? 0) < at);
  }
}

/** For how many of the indices 0 to `length - 1` something is true that is true up to one of them and false from there on. */
export function countWhile(length: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
