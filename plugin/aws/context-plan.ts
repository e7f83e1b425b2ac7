import { throughRoles } from "../../token/aws/sources/asked-roles.ts";
import type { ProcessPlan, SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import type { SharedFiles } from "../../token/aws/sources/shared-files.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import type { Env } from "../../token/env.ts";
import type { AmbientSource, ProfileSource } from "../../token/kubeconfig/context-source.ts";
import { awsFiles } from "../vouch/profile-access.ts";

/** Of plans that are made to see of which kind they are, which depends on no region. */
export const ANY_REGION = "us-east-1";

/** Whose AWS files and variables count. */
export interface AwsMachine {
  readonly env: Env;
  readonly homeDir: string;
}

/** The plan of a context, and AWS's files that it was made from. */
export interface ContextPlan {
  readonly plan: SourcePlan;
  readonly files: SharedFiles;
}

/**
 * Where the credentials of a context come from, its own variables before those of the machine: its profile or its caller, and
 * the roles that are assumed with those. Throws as `planOf` does, and for files that cannot be read.
 */
export function contextPlan(
  source: ProfileSource | AmbientSource,
  region: string,
  machine: AwsMachine,
): ContextPlan {
  const env = { ...machine.env, ...source.env };
  const files = awsFiles({ ...machine, env });
  const profile = source.kind === "profile" ? source.profile : undefined;
  const plan = planOf({ profile, region }, files, env);
  const { role = null, via } = source;
  return { plan: throughRoles(plan, { role, via, region }), files };
}

/** The program that a plan runs and that is not ours, if it runs one. */
export function processOf(plan: SourcePlan): ProcessPlan | undefined {
  const first = firstStep(plan);
  return first.kind === "process" && first.vouch === undefined ? first : undefined;
}

/** What nothing else is needed for. */
export function firstStep(plan: SourcePlan): Exclude<SourcePlan, { readonly kind: "assume-role" }> {
  return plan.kind === "assume-role" ? firstStep(plan.source) : plan;
}

/** Whether what an AI agent may do with the credentials can be narrowed: the last step is a role that we assume. */
export function canBeNarrowed(plan: SourcePlan): boolean {
  return (
    ["assume-role", "web-identity"].includes(plan.kind) ||
    (plan.kind === "process" && plan.vouch !== undefined)
  );
}
