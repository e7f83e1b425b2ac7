import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Severity } from "../derive/failure/symptom.ts";
import type { EvidencePart } from "../evidence/parts.ts";
import { withMissing } from "../evidence/reads.ts";
import { surelyFixed } from "../fixes/fix.ts";
import type { CauseId } from "./cause-ids.ts";
import {
  type Conclusion,
  type Description,
  doesNotApply,
  type FactName,
  type Known,
  type Rule,
  type Verdict,
} from "./rule.ts";
import type { Stage } from "./stages.ts";

/** A broken link, with its description. */
export interface Finding extends Omit<Conclusion, "describe">, Omit<Description, "evidence"> {
  readonly code: string;
  readonly stage: Stage;
  readonly cause: CauseId;
  readonly severity: Severity;
  readonly evidence: readonly string[];
}

/** The result of one rule. */
export type Outcome = { readonly rule: Rule } & (
  | { readonly status: "found"; readonly findings: readonly Finding[] }
  /** A bug of ours: the rule threw an error. */
  | { readonly status: "failed"; readonly error: unknown }
  | Exclude<Verdict, { readonly status: "found" }>
);

/**
 * Calls a rule if there are the facts that it needs. A check that read a missing part has neither passed nor found that it does not
 * apply, and nothing that it found is *certain*: with that part, the result might have been different. A rule that throws does not
 * affect the others.
 */
export function runRule(rule: Rule, facts: Facts): Outcome {
  try {
    return outcomeOf(rule, facts);
  } catch (error) {
    return { rule, status: "failed", error };
  }
}

function outcomeOf(rule: Rule, facts: Facts): Outcome {
  const { value: verdict, missing } = withMissing(() => check(rule, facts));
  const parts = missing as readonly EvidencePart[];
  switch (verdict.status) {
    case "found": {
      const findings = verdict.conclusions
        .map((conclusion) => finding(rule, conclusion, facts))
        .map((found) => (parts.length > 0 || isRefuted(rule, facts) ? lessThanCertain(found) : found))
        .map((found) => ({ ...found, fixes: surelyFixed(found.fixes, found) }));
      return { rule, status: "found", findings };
    }
    case "unknown":
      return { rule, status: "unknown", missing: [...new Set([...verdict.missing, ...parts])] };
    default:
      return parts.length > 0 ? { rule, status: "unknown", missing: parts } : { rule, ...verdict };
  }
}

function isRefuted({ refuted }: Rule, facts: Facts): boolean {
  return refuted !== undefined && withMissing(() => refuted(facts)).value;
}

function check(rule: Rule, facts: Facts): Verdict {
  const { needs = [] } = rule;
  const absent = needs.find((name) => facts[name] === undefined);
  if (absent !== undefined) return doesNotApply(WITHOUT[absent] ?? `no ${absent} was found`);
  return rule.check(facts as Known<FactName>, facts);
}

/** Why a rule does not apply if there is no such fact, for users. */
const WITHOUT: Partial<Record<FactName, string>> = {
  authFailureConfidence: "the cluster accepted the caller",
  awsAuthView: "the cluster does not have aws-auth, or does not read it",
  clocks: "no clocks were compared",
  cluster: "EKS did not describe the cluster",
  clusterEntry: "the context does not have a cluster entry with a valid server",
  connection: "no attempt to reach the API server was seen",
  context: "no context is selected",
  credentialErrors: "the caller's credentials were not rejected",
  denial: "no policy or binding explains a denied request",
  deniedRequest: "no request from an accepted identity was denied",
  eksCall: "no EKS API call failed",
  exec: "the user entry does not have an exec block",
  pastedError: "the call did not return an error",
  preAuthSeverity: "invalid credentials cannot be the cause",
  possibleCreator: "no aws-auth mapping can replace the permissions of the cluster's creator",
  principal: "the caller is not known",
  symptom: "it is not known how the call failed",
  vouch: "the context does not use Vouch",
};

function finding(
  { code, stage, causes }: Rule,
  { describe, ...concluded }: Conclusion,
  facts: Facts,
): Finding {
  const { evidence, ...described } = describe(facts);
  return {
    code,
    stage,
    cause: causes[0],
    severity: "error",
    ...concluded,
    ...described,
    evidence: evidence.filter((sentence) => typeof sentence === "string"),
  };
}

function lessThanCertain(finding: Finding): Finding {
  const confidence: Confidence = finding.confidence === "certain" ? "likely" : finding.confidence;
  return { ...finding, confidence };
}
