import type { Sentence } from "../../token/command/sentence.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Severity } from "../derive/failure/symptom.ts";
import type { EvidencePart } from "../evidence/parts.ts";
import type { Audience, Fix } from "../fixes/fix.ts";
import type { CauseId } from "./cause-ids.ts";
import type { Stage } from "./stages.ts";

/** A fact that a rule can need. */
export type FactName = Exclude<keyof Facts, "evidence">;

/** A check of one link of the chain, as defined in its file. Pure: no clock, no network, no files. */
export interface RuleDefinition<N extends FactName = FactName> {
  /** What it finds: a cause of its own, or the id of a different rule's. */
  readonly cause: Cause | CauseId;
  /** What else it can name. */
  readonly alsoFinds?: readonly (Cause | CauseId)[];
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
export interface Rule extends Omit<RuleDefinition, "cause" | "alsoFinds"> {
  /** Ids of what it can name, the main one first. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  /** Stable name in words; also the name of the file and its test. */
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

/** One way in which a call to a cluster fails. Source: doctor/EKS-ACCESS.md, "Reports"; those with V are our own. */
export interface Cause {
  /** `E3`: what a finding names as its cause. */
  readonly id: CauseId;
  /** What is broken, in one sentence. */
  readonly what: string;
  /** What a user sees of it. */
  readonly seen: string;
  /** What to do about it, in general: the fixes of a finding have the real values. */
  readonly remedy: string;
  /** Page of AWS or Kubernetes about what is broken. */
  readonly page?: `https://${string}`;
  /** Causes that are the same problem from another side: a diagnosis that names one of them is right, too. */
  readonly sameAs?: readonly CauseId[];
  /** It has not been confirmed: it is *likely* at most. */
  readonly isUnconfirmed?: true;
}

/** Causes that look the same to someone who can see neither entries nor bindings, and that one look can distinguish. */
export interface Suspected {
  /** The most common first. */
  readonly causes: readonly CauseId[];
  /** Evaluates whether they fit what can be seen; undefined if not. */
  readonly suspicion: (facts: Facts) => Suspicion | undefined;
}

export interface Suspicion {
  /** True: something points to it. False: merely nothing contradicts it. Default: whether there are hints. */
  readonly hinted?: boolean;
  /** What would be broken, in one sentence with the values. */
  readonly summary: string;
  /** What of it can be seen from here, one sentence each. */
  readonly hints?: readonly string[];
  /** Who can confirm it. */
  readonly audience: Audience;
  /** What distinguishes it from the others. */
  readonly confirmedBy: Sentence;
}

/** What was seen where a cause is suspected. */
export type Refusal = "unauthorized" | "forbidden" | "unreachable" | "credentials" | "nodes";

/** A broken link, as concluded by a check. */
export interface Conclusion {
  /** A row of the catalogue other than the rule's first: `E3`. */
  readonly cause?: CauseId;
  /** Default: *error*. */
  readonly severity?: Severity;
  /** The highest confidence that the evidence allows; the runner lowers *certain* if a missing part was read. */
  readonly confidence: Confidence;
  /** A link other than the rule's own. */
  readonly stage?: Stage;
  /**
   * True: it was concluded from how the call failed and from what is missing, not seen in a field. Such a finding is a
   * consequence of an earlier one that explains the same failure.
   */
  readonly inferred?: boolean;
  /** Other causes that this one explains, in any stage. */
  readonly explains?: readonly CauseId[] | undefined;
  /** Describes it. It may use everything that is known, but decides nothing. */
  readonly describe: (facts: Facts) => Description;
}

/** What a user reads about a finding. */
export interface Description {
  /** One sentence with the values: what is broken, in which object, in which cluster. */
  readonly summary: string;
  /** What in the evidence shows it, one sentence each, with the values; `false` and undefined are left out. */
  readonly evidence: readonly (string | false | undefined)[];
  /** What would prove it wrong. */
  readonly falsifiedBy: Sentence;
  readonly fixes: readonly Fix[];
}

/** The result of a check. */
export type Verdict =
  | { readonly status: "found"; readonly conclusions: readonly Conclusion[] }
  /** It checked what it expects, and this is the case. */
  | { readonly status: "passed" }
  /** What it checks does not matter in this case: `the cluster does not read aws-auth`. */
  | { readonly status: "notApplicable"; readonly why: string }
  /** These parts of the evidence would be needed. */
  | { readonly status: "unknown"; readonly missing: readonly EvidencePart[] };

export const passed: Verdict = { status: "passed" };

/** One broken link, or several of one kind; none means passed. */
export function found(...conclusions: readonly Conclusion[]): Verdict {
  return conclusions.length === 0 ? passed : { status: "found", conclusions };
}

export function doesNotApply(why: string): Verdict {
  return { status: "notApplicable", why };
}

/** For parts that exist, but do not show it; missing parts are recorded when they are read. */
export function cannotTell(...missing: readonly EvidencePart[]): Verdict {
  return { status: "unknown", missing };
}
