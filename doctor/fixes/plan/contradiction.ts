/** Changes of several cases that cannot be merged, so that a user must decide. */
export class Contradiction extends Error {
  /** Indexes of the cases. */
  readonly cases: readonly number[];

  constructor(cases: readonly number[], why: string) {
    super(why);
    this.cases = [...new Set(cases)].sort((a, b) => a - b);
  }
}

/** Something of one case, or of several. */
export interface Of<T> {
  readonly value: T;
  /** Indexes of the cases. */
  readonly cases: readonly number[];
}

/** The cases of several things, in order. */
export function casesOf(all: readonly Of<unknown>[]): readonly number[] {
  return [...new Set(all.flatMap(({ cases }) => cases))].sort((a, b) => a - b);
}

/** The changes of one kind. */
export function ofKind<C extends { readonly kind: string }, K extends C["kind"]>(
  all: readonly Of<C>[],
  kind: K,
): readonly Of<Extract<C, { readonly kind: K }>>[] {
  return all.filter((one): one is Of<Extract<C, { readonly kind: K }>> => one.value.kind === kind);
}

/** One of each, with the cases of all that are alike. */
export function distinct<T>(all: readonly Of<T>[], key: (value: T) => unknown = (value) => value): Of<T>[] {
  return [...Map.groupBy(all, ({ value }) => JSON.stringify(key(value))).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ value: first.value, cases: casesOf(same) }];
  });
}
