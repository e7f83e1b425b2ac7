import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";

/**
 * What EKS says to every access-entry call while the mode is CONFIG_MAP.
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
const NEEDS_API_MODE = /authentication mode must be set to one of \[API, API_AND_CONFIG_MAP\]/;

/** EKS's words for a step that it does not take; the first mode is the cluster's. */
const REFUSED_STEP = /Unsupported authentication mode update from (\w+) to (\w+)/;

/** Whether these are EKS's words for "no access entries here": the mode is CONFIG_MAP. */
export function saysConfigMapMode(text: string | undefined): boolean {
  return text !== undefined && NEEDS_API_MODE.test(text);
}

/** Whether these are EKS's words to somebody who wanted access entries while the mode was CONFIG_MAP. */
export function wantedEntries(text: string): boolean {
  return saysConfigMapMode(text) || REFUSED_STEP.exec(text)?.[1] === "CONFIG_MAP";
}

/**
 * The cluster's authentication mode, from DescribeCluster; where that is not known, from how an access-entry call or a change
 * of mode was refused, to the doctor or to somebody who tried. Undefined: not known (a list that was given leaves API and
 * API_AND_CONFIG_MAP open).
 */
export function authenticationModeOf(evidence: DoctorEvidence): string | undefined {
  const said = knownValue(evidence.cluster)?.cluster.accessConfig?.authenticationMode;
  if (said !== undefined) return said;
  const refusals = [
    failureOf(evidence.accessEntries),
    evidence.question?.stderr,
    ...(evidence.fixAttempts ?? []).map(({ stderr }) => stderr),
  ];
  if (refusals.some(saysConfigMapMode)) return "CONFIG_MAP";
  return refusals.map((text = "") => REFUSED_STEP.exec(text)?.[1]).find((mode) => mode !== undefined);
}
