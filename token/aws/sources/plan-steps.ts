import type { SourcePlan } from "./plan-kinds.ts";

/** A plan, and those that it stands on: the credentials that sign a token first, those that nothing is needed for last. */
export function planSteps(plan: SourcePlan): readonly SourcePlan[] {
  return plan.kind === "assume-role" ? [plan, ...planSteps(plan.source)] : [plan];
}

/** The step of a kind; a plan has no two of those that stand on nothing. */
export function stepOf<K extends Exclude<SourcePlan["kind"], "assume-role">>(
  plan: SourcePlan,
  kind: K,
): Extract<SourcePlan, { readonly kind: K }> | undefined {
  return planSteps(plan).find(
    (step): step is Extract<SourcePlan, { readonly kind: K }> => step.kind === kind,
  );
}

/** Whether somebody is asked for a code of an MFA device, for this very step. */
export function demandsCode(step: SourcePlan): boolean {
  return step.kind === "assume-role" && step.mfaSerial !== undefined;
}

/** Whether what an AI agent may do with the credentials can be narrowed: a role is the last step, and we ask for it. */
export function canNarrow(plan: SourcePlan): boolean {
  const isOurs = plan.kind === "process" && plan.vouch !== undefined;
  return plan.kind === "assume-role" || plan.kind === "web-identity" || isOurs;
}
