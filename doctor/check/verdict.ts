import type { Sentence } from "../../token/command/sentence.ts";
import type { CauseId } from "../catalogue/rows.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Severity } from "../derive/failure/pre-auth-severity.ts";
import type { EvidencePart } from "../evidence/evidence.ts";
import type { Fix } from "../fixes/fix.ts";
import type { Stage } from "./stages.ts";

/** A broken link, as a check concludes it. */
export interface Conclusion {
  /** Another row of the catalogue than the rule's first: `E3`. */
  readonly cause?: CauseId;
  /** *error*, unless said. */
  readonly severity?: Severity;
  /** The most that the evidence allows; the runner lowers *certain* where a part was asked for in vain. */
  readonly confidence: Confidence;
  /** Another link than the rule's own. */
  readonly stage?: Stage;
  /**
   * True when it was concluded from how the call failed and from what is missing, not seen in a field: such a finding is a
   * consequence of an earlier one that explains the same failure.
   */
  readonly inferred?: boolean;
  /** Other causes that this one explains, in any stage. */
  readonly explains?: readonly CauseId[] | undefined;
  /** Writes it out. It may use all that is known, and decides nothing. */
  readonly describe: (facts: Facts) => Description;
}

/** What a person reads of a finding. */
export interface Description {
  /** One sentence with the values: what is broken, in which object, in which cluster. */
  readonly summary: string;
  /** What in the evidence shows it, one sentence each, with the values; what is no text is left out. */
  readonly evidence: readonly (string | false | undefined)[];
  /** What would prove it wrong. */
  readonly falsifiedBy: Sentence;
  readonly fixes: readonly Fix[];
}

/** How a check ends. */
export type Verdict =
  | { readonly status: "found"; readonly conclusions: readonly Conclusion[] }
  /** It looked at what it expects, and that is so. */
  | { readonly status: "passed" }
  /** What it looks at has no part in this case: `the cluster does not read aws-auth`. */
  | { readonly status: "notApplicable"; readonly why: string }
  /** These parts of the evidence would be needed. */
  | { readonly status: "unknown"; readonly missing: readonly EvidencePart[] };

export const passed: Verdict = { status: "passed" };

/** One broken link, or several of one kind; none: passed. */
export function found(...conclusions: readonly Conclusion[]): Verdict {
  return conclusions.length === 0 ? passed : { status: "found", conclusions };
}

export function doesNotApply(why: string): Verdict {
  return { status: "notApplicable", why };
}

/** For parts that were there and still do not tell; parts that are not there are noted by reading them. */
export function cannotTell(...missing: readonly EvidencePart[]): Verdict {
  return { status: "unknown", missing };
}
