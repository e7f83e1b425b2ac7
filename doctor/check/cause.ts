import type { CauseId } from "./cause-ids.ts";

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
  /** Causes that are the same problem from another side: a diagnosis that names one of them is right, too. */
  readonly sameAs?: readonly CauseId[];
  /** It has not been confirmed: it is *likely* at most. */
  readonly isUnconfirmed?: true;
}
