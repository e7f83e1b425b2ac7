import type { Attempt } from "../evidence.ts";
import { lessSure } from "../facts/mapping-bearing.ts";
import type { Finding } from "../rule.ts";
import type { RowedRefusal } from "./refusal-row.ts";

type Told = Pick<Finding, "summary" | "mends"> &
  Partial<Pick<Finding, "confidence" | "disproof" | "explains">> & {
    /** What shows the reason, beside the refusal itself. */
    readonly evidence: readonly string[];
  };

/** The finding of a row of C8 or C9, as sure as the refusal allows. */
export function refusalFinding(refusal: RowedRefusal, told: Told): Finding {
  const { attempt, authorization, row } = refusal;
  const { username, groups } = authorization;
  const known = groups === undefined ? "" : `, groups ${groups.join(", ")}`;
  return {
    cause: row,
    stage: "authorization",
    severity: "error",
    confidence: lessSure(refusal.confidence, told.confidence ?? "certain"),
    summary: told.summary,
    evidence: [
      refusal.said,
      ...(username === undefined
        ? []
        : [`The cluster takes the caller for ${JSON.stringify(username)}${known}.`]),
      ...told.evidence,
    ],
    disproof: told.disproof ?? `\`${canI(attempt)}\` says yes.`,
    mends: told.mends,
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
}: Attempt): string {
  if (path !== undefined) return `kubectl auth can-i ${verb} ${path}`;
  const full = `${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : `/${name}`}`;
  const sub = subresource === undefined ? "" : ` --subresource=${subresource}`;
  const where = namespace === undefined ? " -A" : ` -n ${namespace}`;
  return `kubectl auth can-i ${verb} ${full}${sub}${where}`;
}
