import type { CauseId } from "../catalogue/rows.ts";
import type { Facts } from "../derive/facts.ts";
import type { EvidencePart } from "../evidence/evidence.ts";
import type { Stage } from "./stages.ts";
import type { Verdict } from "./verdict.ts";

/** A fact that a rule can declare; evidence itself is declared part by part. */
export type FactName = Exclude<keyof Facts, "evidence">;

/** A check of one link of the chain, as its file defines it. Pure: no clock, no network, no files. */
export interface RuleDefinition<N extends FactName = FactName> {
  /** Catalogue ids it can name, the main one first. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  /** What a healthy context has, in the present tense. */
  readonly expects: string;
  /** Facts without which it cannot be called: then it is *unknown*, or does not apply where there is none. */
  readonly needs?: readonly N[];
  /** What else it may look at: facts, and parts of the evidence. The runner hands over nothing that is not declared. */
  readonly reads?: readonly (FactName | EvidencePart)[];
  /**
   * Decides, from what it declares: another fact throws. What it asks for in vain (`knownValue` of a part that is absent or
   * failed, a fact made from such a part) keeps it from passing and from being certain. So read from `seen` only on the way
   * where it matters, and do not take it apart beforehand.
   */
  readonly check: (known: Known<N>, seen: Facts) => Verdict;
}

/** A rule under the name and in the place that its file has. */
export interface Rule extends RuleDefinition {
  /** Stable name in words; also the file's, the test's and the anchor in CODES.md. */
  readonly code: string;
  /** The link it looks at; also its folder. */
  readonly stage: Stage;
}

/** The needed facts, each known. */
export type Known<N extends FactName> = { readonly [P in N]: Exclude<Facts[P], undefined> };

/** Lets the compiler hold `check` to what the rule needs. */
export function defineRule<const N extends FactName = never>(rule: RuleDefinition<N>): RuleDefinition<N> {
  return rule;
}
