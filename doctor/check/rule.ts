import type { Facts } from "../derive/facts.ts";
import type { Cause } from "./cause.ts";
import type { CauseId } from "./cause-ids.ts";
import type { Stage } from "./stages.ts";
import type { Refusal, Suspected } from "./suspicion.ts";
import type { Verdict } from "./verdict.ts";

/** A fact that a rule can need. */
export type FactName = Exclude<keyof Facts, "evidence">;

/** A check of one link of the chain, as defined in its file. Pure: no clock, no network, no files. */
export interface RuleDefinition<N extends FactName = FactName> {
  /** What it can name, the main one first: causes that are its own, and ids of other rules' causes. */
  readonly causes: readonly [Cause | CauseId, ...(Cause | CauseId)[]];
  /** What is true of a healthy context, in the present tense. */
  readonly expects: string;
  /**
   * Facts without which it cannot be called. If one is missing, the result is *unknown*; if there is no such fact in this case,
   * the rule does not apply.
   */
  readonly needs?: readonly N[];
  /**
   * Decides from the facts. If it reads something that is missing (`knownValue` of a part that is absent or failed, a fact derived
   * from such a part), it can neither pass nor be certain. Therefore read from `seen` only on the code path where it matters, and
   * do not destructure it beforehand.
   */
  readonly check: (known: Known<N>, seen: Facts) => Verdict;
  /**
   * Whether the evidence itself shows what would prove a finding wrong (`falsifiedBy`), although something else shows the cause: then
   * it is *likely* at most. What it reads may be missing, since the cause is shown all the same.
   */
  readonly refuted?: ((seen: Facts) => boolean) | undefined;
  /**
   * When to suspect it where no one can see enough to decide, by what was refused; `rank-suspicions.ts` has the order.
   */
  readonly suspected?: { readonly [R in Refusal]?: Suspected | readonly Suspected[] } | undefined;
}

/** A rule with the name and stage that follow from its file's path. */
export interface Rule extends Omit<RuleDefinition, "causes"> {
  /** Ids of what it can name, the main one first. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  /** Stable name in words; also the name of the file, its test and the anchor in CODES.md. */
  readonly code: string;
  /** The link that it checks; also its folder. */
  readonly stage: Stage;
}

/** The needed facts, all known. */
export type Known<N extends FactName> = { readonly [P in N]: Exclude<Facts[P], undefined> };

/** Lets the compiler check `check` against what the rule needs. */
export function defineRule<const N extends FactName = never>(rule: RuleDefinition<N>): RuleDefinition<N> {
  return rule;
}
