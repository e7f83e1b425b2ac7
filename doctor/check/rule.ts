import type { Sentence } from "../../token/command/sentence.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Fix } from "../fixes/fix.ts";
import type { Stage } from "./stages.ts";

export interface Finding {
  /** Row of the catalogue (doctor/CODES.md): `E3`. */
  readonly cause: string;
  readonly stage: Stage;
  readonly severity: "error" | "warning";
  readonly confidence: Confidence;
  /** One sentence with the values: what is broken. */
  readonly summary: string;
  /** What in the evidence shows it, one sentence each, with the values. */
  readonly evidence: readonly string[];
  /** What would prove it wrong. */
  readonly falsifiedBy: Sentence;
  readonly fixes: readonly Fix[];
  /**
   * True when it was concluded from how the call failed and from what is missing, not seen in a field: such a finding is
   * folded under an earlier one that explains the same failure.
   */
  readonly inferred?: boolean;
  /** Other rows that this one explains, whatever their stage. */
  readonly explains?: readonly string[];
}

/** A judgement: from facts to findings. Pure: no clock, no network, no files. */
export interface Rule<K extends keyof Facts = keyof Facts> {
  /** Stable name in words; also the file's, the test's and the anchor in CODES.md. */
  readonly code: string;
  /** The link of the chain it looks at; also its folder. */
  readonly stage: Stage;
  /** Rows of the catalogue it can name, the main one first. */
  readonly causes: readonly string[];
  /** What a healthy context has, in the present tense. */
  readonly expects: string;
  /** Facts without which it says nothing: the rule is then *unknown*, never *passed*. */
  readonly needs: readonly K[];
  /** Facts of which any one is enough to judge by, besides what it needs; with none of them it is *unknown* too. */
  readonly needsOneOf?: readonly (keyof Facts)[];
  /** Gets what it needs for certain, and everything else as far as it is known. */
  readonly judge: (facts: Facts & Known<K>) => readonly Finding[];
}

/** The named facts, known. */
type Known<K extends keyof Facts> = { readonly [P in K]: Exclude<Facts[P], undefined> };

/** Lets the compiler hold `judge` to what `needs` names. */
export function defineRule<const K extends keyof Facts>(rule: Rule<K>): Rule<K> {
  return rule;
}
