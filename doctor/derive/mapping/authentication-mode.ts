import { failureOf, knownValue } from "../../evidence/evidence.ts";
import { triedFixes } from "../target/eks-call.ts";
import type { TargetCase } from "../target/target-cluster.ts";

/**
 * What EKS answers to every access-entry call while the mode is CONFIG_MAP. Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
const NEEDS_API_MODE = /authentication mode must be set to one of \[API, API_AND_CONFIG_MAP\]/;

/** EKS's message for a change of mode that it refuses; the first mode is the cluster's. */
const REFUSED_STEP = /Unsupported authentication mode update from (API|API_AND_CONFIG_MAP|CONFIG_MAP) to \w+/;

/** How commands set a mode: `--access-config authenticationMode=API`, `--authentication-mode API`. */
const SETS_MODE = /authentication-?mode[= ](API_AND_CONFIG_MAP|API|CONFIG_MAP)\b/i;

/** Whether this is EKS's message that there are no access entries, since the mode is CONFIG_MAP. */
export function saysConfigMapMode(text: string | undefined): boolean {
  return text !== undefined && NEEDS_API_MODE.test(text);
}

/** Whether this is EKS's message to someone who called for access entries while the mode was CONFIG_MAP. */
export function wantedEntries(text: string): boolean {
  return modeInRefusal(text) === "CONFIG_MAP";
}

/**
 * The cluster's authentication mode: from DescribeCluster; otherwise from how an access-entry call or a change of mode was refused to
 * the doctor or to another user; otherwise from a change that worked. Undefined: not known (an access-entry list that was returned
 * leaves API and API_AND_CONFIG_MAP open).
 */
export function authenticationModeOf(facts: TargetCase): string | undefined {
  const { evidence } = facts;
  return (
    knownValue(evidence.cluster)?.cluster.accessConfig?.authenticationMode ??
    modeInRefusal(failureOf(evidence.accessEntries)) ??
    modeTried(facts) ??
    modeInRefusal(evidence.question?.stderr)
  );
}

/** The mode that a command sets. */
export function modeSetBy(command: string): string | undefined {
  return SETS_MODE.exec(command)?.[1];
}

/** The mode after the last attempt that shows it. */
function modeTried(facts: TargetCase): string | undefined {
  const modes = triedFixes(facts).map(({ command, words, worked }) =>
    worked ? modeSetBy(command) : modeInRefusal(words),
  );
  return modes.findLast((mode) => mode !== undefined);
}

function modeInRefusal(text: string | undefined): string | undefined {
  return saysConfigMapMode(text) ? "CONFIG_MAP" : REFUSED_STEP.exec(text ?? "")?.[1];
}
