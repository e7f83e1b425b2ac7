import type { Sentence } from "../../token/command/sentence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Audience } from "../fixes/fix.ts";
import type { CauseId } from "./cause-ids.ts";

/** Causes that look the same to someone who can see neither entries nor bindings, and that one look can distinguish. */
export interface Suspected {
  /** The most common first. */
  readonly causes: readonly CauseId[];
  /** Evaluates whether they fit what can be seen; undefined if not. */
  readonly suspicion: (facts: Facts) => Suspicion | undefined;
}

export interface Suspicion {
  /** True: something points to it. False: merely nothing contradicts it. */
  readonly hinted: boolean;
  /** What would be broken, in one sentence with the values. */
  readonly summary: string;
  /** What of it can be seen from here, one sentence each. */
  readonly hints: readonly string[];
  /** Who can confirm it. */
  readonly audience: Audience;
  /** What distinguishes it from the others. */
  readonly confirmedBy: Sentence;
}

/** What was seen where a cause is suspected. */
export type Refusal = "unauthorized" | "forbidden" | "unreachable" | "credentials" | "nodes";
