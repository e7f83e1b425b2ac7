import type { Run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Finding } from "../../check/rule.ts";
import type { ClassifiedDenial } from "../../derive/authorization/classified-denial.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { kubectl } from "../../fixes/kubectl.ts";

type Told = Pick<Finding, "summary" | "fixes"> &
  Partial<Pick<Finding, "confidence" | "falsifiedBy" | "explains">> & {
    /** What shows the reason, beside the refusal itself. */
    readonly evidence: readonly string[];
  };

/** The finding of a row of C8 or C9, as sure as the refusal allows. */
export function denialFinding(refusal: ClassifiedDenial, told: Told): Finding {
  const { attempt, authorization, row } = refusal;
  const { username, groups } = authorization;
  const known = groups === undefined ? "" : `, groups ${groups.join(", ")}`;
  return {
    cause: row,
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

/** `kubectl auth can-i create pods --subresource=exec -n web` */
export function canI({
  verb,
  group = "",
  resource = "",
  subresource,
  namespace,
  name,
  path,
}: AccessRequest): Run {
  if (path !== undefined) return kubectl("auth can-i", {}, verb, path);
  const full = `${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : `/${name}`}`;
  const scope = namespace === undefined ? { A: true as const } : { n: namespace };
  return kubectl("auth can-i", { subresource, ...scope }, verb, full);
}
