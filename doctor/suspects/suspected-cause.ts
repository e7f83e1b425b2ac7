import type { Sentence } from "../../token/command/sentence.ts";
import type { CauseId } from "../catalogue/rows.ts";
import type { Facts } from "../derive/facts.ts";
import type { Audience } from "../fixes/fix.ts";

/** Causes that look alike to somebody who may see neither entries nor bindings, and that one look tells apart. */
export interface SuspectedCause {
  /** Rows of the catalogue, the most common first. */
  readonly causes: readonly CauseId[];
  /** How they fit what can be seen; undefined where they do not. */
  readonly suspicion: (facts: Facts) => Suspicion | undefined;
}

export interface Suspicion {
  /** True when something points at it; false when merely nothing speaks against it. */
  readonly hinted: boolean;
  /** What would be broken, in one sentence with the values. */
  readonly summary: string;
  /** What of it can be seen from here, one sentence each. */
  readonly hints: readonly string[];
  /** Who can tell. */
  readonly audience: Audience;
  /** What tells it from the others. */
  readonly confirmedBy: Sentence;
}
