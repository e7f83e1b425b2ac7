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

/** Whether this step asks for a code of an MFA device. */
export function demandsCode(step: CredentialsPlan): boolean {
  return step.kind === "assume-role" && step.mfaSerial !== undefined;
}

/** Whether the credentials can be restricted for an AI agent: the last step is a role, and we are the ones who request it. */
export function canNarrow(plan: CredentialsPlan): boolean {
  const isOurs = plan.kind === "process" && plan.vouch !== undefined;
  return plan.kind === "assume-role" || plan.kind === "web-identity" || isOurs;
}
