import { sentence } from "../../../token/command/sentence.ts";
import type { LegacyFinding } from "../../check/legacy-rule.ts";
import type { ClassifiedDenial } from "../../derive/authorization/classified-denial.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { canI } from "../../fixes/can-i.ts";

type Told = Pick<LegacyFinding, "summary" | "fixes"> &
  Partial<Pick<LegacyFinding, "confidence" | "falsifiedBy" | "explains">> & {
    /** What shows the reason, beside the refusal itself. */
    readonly evidence: readonly string[];
  };

/** The finding of a causeId of C8 or C9, as sure as the refusal allows. */
export function denialFinding(refusal: ClassifiedDenial, told: Told): LegacyFinding {
  const { attempt, authorization, causeId } = refusal;
  const { username, groups } = authorization;
  const known = groups === undefined ? "" : `, groups ${groups.join(", ")}`;
  return {
    cause: causeId,
    stage: "authorization",
    severity: "error",
    confidence: minConfidence(refusal.confidence, told.confidence ?? "certain"),
    summary: told.summary,
    evidence: [
      refusal.said,
      ...(username === undefined
        ? []
        : [`The cluster takes the caller for ${JSON.stringify(username)}${known}.`]),
      ...told.evidence,
    ],
    falsifiedBy: told.falsifiedBy ?? sentence`${canI(attempt)} says yes.`,
    fixes: told.fixes,
    ...(told.explains === undefined ? {} : { explains: told.explains }),
  };
}
