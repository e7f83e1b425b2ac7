import type { Facts } from "../../derive/facts.ts";
import { symptomInWords } from "../../derive/failure/symptom-words.ts";
import type { FixCall } from "../../derive/target/eks-call.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import type { Observation } from "../../evidence/evidence.ts";

/** Whether the call failed alike in a way in which the cause is not there: another program, without a variable. */
export function failsWithout(seen: Facts, isWithout: (other: Observation) => boolean): boolean {
  return failures(seen).some((other) => isAlike(other, seen) && isWithout(other));
}

/** What was seen to fail in other ways. */
export function failures({ evidence }: Pick<Facts, "evidence">): readonly Observation[] {
  const others = evidence.otherObservations ?? [];
  return others.filter(({ exitCode, stderr = "" }) =>
    exitCode === undefined ? stderr.trim() !== "" : exitCode !== 0,
  );
}

function isAlike({ stderr = "" }: Observation, { symptom, pastedError = "" }: Facts): boolean {
  return stderr.trim() === pastedError.trim() || symptomInWords(stderr).kind === symptom?.kind;
}

/** Whether EKS refused, with these words, also a call in which the cause is not there. */
export function refusedWithout(
  { failedFixes }: Facts,
  pattern: RegExp,
  isWithout: (call: FixCall, match: RegExpExecArray) => boolean,
): boolean {
  return failedFixes.some((call) => {
    const match = pattern.exec(call.words);
    return match !== null && isWithout(call, match);
  });
}

/** Whether the caller's own identity has access although nothing that we read maps it: then the cluster reads it differently than we do. */
export function getsInUnmapped({ workingWays, mapping }: Facts): boolean {
  return !isMapped(mapping) && workingWays.some(({ isSameIdentity }) => isSameIdentity === true);
}

/** The caller's groups according to the API server. */
export function reviewedGroups({ evidence }: Facts): readonly string[] {
  const { selfSubjectReview: review } = evidence;
  return review === undefined || "failed" in review ? [] : (review.status.userInfo.groups ?? []);
}
