import type { CauseId } from "../catalogue/rows.ts";
import type { Facts } from "../derive/facts.ts";
import type { DoctorEvidence, EvidencePart } from "../evidence/evidence.ts";
import type { Stage } from "./stages.ts";
import type { Verdict } from "./verdict.ts";

/** A fact that a rule can declare; evidence itself is declared part by part. */
export type FactName = Exclude<keyof Facts, "evidence">;

/** A check of one link of the chain. Pure: no clock, no network, no files. */
export interface Rule<
  N extends FactName = FactName,
  R extends FactName = FactName,
  E extends EvidencePart = EvidencePart,
> {
  /** Stable name in words; also the file's, the test's and the anchor in CODES.md. */
  readonly code: string;
  /** The link it looks at; also its folder. */
  readonly stage: Stage;
  /** Catalogue ids it can name, the main one first. */
  readonly causes: readonly CauseId[];
  /** What a healthy context has, in the present tense. */
  readonly expects: string;
  /** Facts without which it cannot be called: then it is *unknown*, or does not apply where there is none. */
  readonly needs: readonly N[];
  /** Facts that it may look at besides. */
  readonly reads?: readonly R[];
  /** Parts of the evidence that it looks at itself. */
  readonly evidence?: readonly E[];
  /**
   * Decides. It gets what it declared and nothing else. What it asks for in vain (`knownValue` of a part that is absent or
   * failed, a fact made from such a part) keeps it from passing and from being certain. So read from `seen` only on the
   * way where it matters, and do not take it apart beforehand.
   */
  readonly check: (known: Known<N>, seen: Seen<R, E>) => Verdict;
}

/** The needed facts, each known. */
export type Known<N extends FactName> = { readonly [P in N]: Exclude<Facts[P], undefined> };

/** The other declared facts, and the declared parts of the evidence: known, failed or absent. */
export type Seen<R extends FactName, E extends EvidencePart> = Pick<Facts, R> & {
  readonly evidence: Pick<DoctorEvidence, E>;
};

/** Lets the compiler hold `check` to what the rule declares. */
export function defineRule<
  const N extends FactName = never,
  const R extends FactName = never,
  const E extends EvidencePart = never,
>(rule: Rule<N, R, E>): Rule<N, R, E> {
  return rule;
}
