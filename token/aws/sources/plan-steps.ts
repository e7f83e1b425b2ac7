import { partitionOfRegion } from "../../hot/partition.ts";
import { parseRoleArn } from "../arn.ts";
import type { CredentialsPlan } from "./plan-kinds.ts";

/** A plan and the plans it builds on: first the credentials that sign a token, last those that need no others. */
export function planSteps(plan: CredentialsPlan): readonly CredentialsPlan[] {
  return plan.kind === "assume-role" ? [plan, ...planSteps(plan.source)] : [plan];
}

/** The step of a kind; a plan has at most one of the kinds that build on nothing. */
export function stepOf<K extends Exclude<CredentialsPlan["kind"], "assume-role">>(
  plan: CredentialsPlan,
  kind: K,
): Extract<CredentialsPlan, { readonly kind: K }> | undefined {
  return planSteps(plan).find(
    (step): step is Extract<CredentialsPlan, { readonly kind: K }> => step.kind === kind,
  );
}

/** The partition whose credentials a plan gives, if it shows that. */
export function partitionOfPlan(plan: CredentialsPlan): string | undefined {
  switch (plan.kind) {
    case "assume-role":
    case "web-identity":
      return parseRoleArn(plan.roleArn).partition;
    case "login":
      return plan.session.split(":")[1];
    case "sso":
      return partitionOfRegion(plan.region).id;
    default:
      return undefined;
  }
}

/** Whether this step asks for a code of an MFA device. */
export function demandsCode(step: CredentialsPlan): boolean {
  return step.kind === "assume-role" && step.mfaSerial !== undefined;
}

/** Whether the credentials can be restricted for an AI agent: the last step is a role, and we are the ones who request it. */
export function canNarrow(plan: CredentialsPlan): boolean {
  const isOurs = plan.kind === "process" && plan.vouch !== undefined;
  return plan.kind === "assume-role" || plan.kind === "web-identity" || isOurs;
}
