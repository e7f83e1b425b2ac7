/**
 * Records which missing parts of the evidence a computation read. A rule's verdict depends on these: what was never read cannot
 * change it. Everything here is synchronous, so a single variable holds the current computation.
 */

let asked: Set<string> | undefined;
const failedParts = new WeakMap<object, string>();

/** Records that a computation read a missing part, or one in which a field was left out that it needs. */
export function note(part: string): void {
  asked?.add(part);
}

/** Records the same for a part that failed, if it belongs to watched evidence. */
export function noteFailed(part: object): void {
  const name = failedParts.get(part);
  if (name !== undefined) note(name);
}

/** Parts that only people add: if they are absent, nothing is missing. */
const ADDED_BY_PEOPLE = new Set(["excerpts", "fixAttempts", "otherObservations"]);

/**
 * Evidence that records absent parts when they are read, and failed ones when their value is. An excerpt is recorded too, since
 * the rest of it may say otherwise.
 */
export function watched<E extends { readonly excerpts?: readonly string[] }>(
  evidence: E,
  always: (part: string) => readonly string[] = () => [],
): E {
  const excerpts = new Set(evidence.excerpts);
  const known = new Map<string, unknown>();
  return new Proxy(evidence, {
    get(target, name, receiver) {
      const part: unknown = Reflect.get(target, name, receiver);
      if (typeof name !== "string" || ADDED_BY_PEOPLE.has(name)) return part;
      if (part === undefined || excerpts.has(name)) note(name);
      if (typeof part !== "object" || part === null) return part;
      if ("failed" in part) {
        failedParts.set(part, name);
        return part;
      }
      if (!known.has(name)) known.set(name, withFields(part, name, always(name)));
      return known.get(name);
    },
  });
}

/** A part that is recorded as missing when one of these fields is read and was left out: `Role.CreateDate`. Lists are no step. */
function withFields(value: object, part: string, paths: readonly string[]): object {
  if (paths.length === 0) return value;
  const steps = Map.groupBy(paths, (path) => path.split(".", 1)[0]);
  const inner = new WeakMap<object, object>();
  return new Proxy(value, {
    get(target, name, receiver) {
      const field: unknown = Reflect.get(target, name, receiver);
      const below = belowOf(target, name);
      if (below === undefined) return field;
      if (field === undefined && !Array.isArray(target)) note(part);
      if (typeof field !== "object" || field === null) return field;
      const seen = inner.get(field) ?? withFields(field, part, below);
      inner.set(field, seen);
      return seen;
    },
  });

  /** What is watched below a field; undefined if the field itself is not. */
  function belowOf(target: object, name: string | symbol): readonly string[] | undefined {
    if (typeof name !== "string") return undefined;
    if (Array.isArray(target)) return /^\d+$/.test(name) ? paths : undefined;
    return steps.get(name)?.flatMap((path) => (path === name ? [] : [path.slice(name.length + 1)]));
  }
}

/** Runs a computation, and returns the missing parts that it read. */
export function withMissing<T>(compute: () => T): { readonly value: T; readonly missing: readonly string[] } {
  const outer = asked;
  asked = new Set();
  try {
    return { value: compute(), missing: [...asked] };
  } finally {
    asked = outer;
  }
}

/**
 * An object whose properties are computed once, when first read. Each keeps the missing parts that it read, and these count as
 * read by everything that reads the property later.
 */
export function lazy<T extends object>(getters: { readonly [K in keyof T]-?: () => T[K] }): T {
  const object = {};
  for (const [name, compute] of Object.entries<() => unknown>(getters)) {
    let done: ReturnType<typeof withMissing<unknown>> | undefined;
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        done ??= withMissing(compute);
        done.missing.forEach(note);
        return done.value;
      },
    });
  }
  return object as T;
}

/** The first computation with a result; what the earlier ones found missing does not matter then. */
export function firstOf<T>(...computations: readonly (() => T | undefined)[]): T | undefined {
  const inVain: string[] = [];
  for (const compute of computations) {
    const { value, missing } = withMissing(compute);
    inVain.push(...missing);
    if (value === undefined) continue;
    missing.forEach(note);
    return value;
  }
  inVain.forEach(note);
  return undefined;
}
