import type { Sentence } from "../../token/command/sentence.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Severity } from "../derive/failure/symptom.ts";
import type { EvidencePart } from "../evidence/parts.ts";
import type { Fix } from "../fixes/fix.ts";
import type { CauseId } from "./cause-ids.ts";
import type { Stage } from "./stages.ts";

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
