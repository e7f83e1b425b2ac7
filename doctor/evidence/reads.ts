/**
 * Which parts of the evidence a computation asked for and did not get. A rule's verdict rests on these: what was never
 * asked for cannot change it. Everything here is synchronous, so the computation under way is one variable.
 */

let asked: Set<string> | undefined;
const failedParts = new WeakMap<object, string>();

/** Says that a computation asked for a part in vain. */
function note(part: string): void {
  asked?.add(part);
}

/** Says the same of a part that failed, if it is of watched evidence. */
export function noteFailed(part: object): void {
  const name = failedParts.get(part);
  if (name !== undefined) note(name);
}

/** Parts that only people add: where they are absent, there is nothing to add. */
const ADDED_BY_PEOPLE = new Set(["excerpts", "fixAttempts", "otherObservations"]);

/**
 * Evidence whose absent parts are noted when they are asked for; failed ones when their value is. An excerpt is noted too:
 * the rest of it may say otherwise.
 */
export function watched<E extends { readonly excerpts?: readonly string[] }>(evidence: E): E {
  const excerpts = new Set(evidence.excerpts);
  return new Proxy(evidence, {
    get(target, name, receiver) {
      const part: unknown = Reflect.get(target, name, receiver);
      if (typeof name !== "string" || ADDED_BY_PEOPLE.has(name)) return part;
      if (part === undefined || excerpts.has(name)) note(name);
      if (typeof part === "object" && part !== null && "failed" in part) failedParts.set(part, name);
      return part;
    },
  });
}

/** Runs a computation, and names the parts it asked for in vain. */
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
 * An object whose properties are computed once, when they are first read. Each keeps the parts that it asked for in vain,
 * and whoever reads it later has asked for them too.
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

/** The first computation that tells; what the ones before it asked for in vain does not matter then. */
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
