import { type CredentialsPlan, type ProcessPlan, stepOf } from "../../token/aws/sources/plan-kinds.ts";
import { type AwsMachine, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { namedProfile, planOf, throughRoles } from "../../token/aws/sources/source-plan.ts";
import type { Env } from "../../token/env.ts";
import type { AwsIdentity } from "../../token/kubeconfig/identity.ts";

/** The region of plans that are made only to see their kind, which does not depend on it. */
export const ANY_REGION = "us-east-1";

/**
 * Where the credentials of a context come from: the plan of its profile or of its caller, and the roles that are assumed with it.
 * The context's own variables override those of the machine. `by` is what names the profile. Throws as `planOf` does.
 */
export function contextPlan(
  source: AwsIdentity,
  region: string,
  machine: AwsMachine,
  by?: string,
): CredentialsPlan {
  const env = { ...machine.env, ...source.env };
  const { profile, via, role, sessionName } = source;
  const own = planOf({ profile, by, region }, readAwsFiles({ ...machine, env }).files, env);
  return throughRoles(own, { via, role, sessionName, region });
}

/** The credential_process that a plan runs, if it runs one that is not ours. */
export function processOf(plan: CredentialsPlan): ProcessPlan | undefined {
  const process = stepOf(plan, "process");
  return process?.vouch === undefined ? process : undefined;
}

/** The profile that a context uses; its caller's if it names none. */
export function profileOfSource(source: AwsIdentity, env: Env): string {
  return source.profile ?? profileInForce({ ...env, ...source.env });
}

/** The profile that AWS's tools use here if none is specified. */
export function profileInForce(env: Env): string {
  return namedProfile({ profile: undefined }, env)?.name ?? "default";
}
