import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-profiles.ts";
import { throughRoles } from "../../token/aws/sources/asked-roles.ts";
import type { ProcessPlan, SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import { readSharedFiles, type SharedFiles } from "../../token/aws/sources/shared-files.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import { type Env, envValue } from "../../token/env.ts";
import { readTextFile } from "../../token/files/private-file.ts";
import type { AmbientSource, ProfileSource } from "../../token/kubeconfig/context-source.ts";

/** Of plans that are made to see of which kind they are, which depends on no region. */
export const ANY_REGION = "us-east-1";

/** Whose AWS files and variables count. */
export interface AwsMachine {
  readonly env: Env;
  readonly homeDir: string;
}

/** AWS's two files as they are now. Throws `aws-config-invalid` or `file-unreadable`. */
export function sharedFilesOf({ env, homeDir }: AwsMachine): SharedFiles {
  const file = (path: string) => ({ path, text: readTextFile(path) });
  return readSharedFiles(file(awsConfigPath(env, homeDir)), file(awsCredentialsPath(env, homeDir)));
}

/**
 * Where the credentials of a context come from, its own variables before those of the machine: the plan of its profile or of
 * its caller, and the roles that are assumed with it. Throws as `planOf` does.
 */
export function contextPlan(
  source: ProfileSource | AmbientSource,
  region: string,
  machine: AwsMachine,
): SourcePlan {
  const env = { ...machine.env, ...source.env };
  const profile = source.kind === "profile" ? source.profile : undefined;
  const own = planOf({ profile, region }, sharedFilesOf({ ...machine, env }), env);
  return throughRoles(own, { via: source.via, role: source.role ?? null, region });
}

/** The program that a plan runs and that is not ours, if it runs one. */
export function processOf(plan: SourcePlan): ProcessPlan | undefined {
  if (plan.kind === "assume-role") return processOf(plan.source);
  return plan.kind === "process" && plan.vouch === undefined ? plan : undefined;
}

/** Whether what an AI agent may do with the credentials can be narrowed: the last step is a role that we assume. */
export function canBeNarrowed(plan: SourcePlan): boolean {
  const isAssumed = plan.kind === "assume-role" || plan.kind === "web-identity";
  return isAssumed || (plan.kind === "process" && plan.vouch !== undefined);
}

/** The profile that AWS's tools take here when nobody names one. */
export function profileInForce(env: Env): string {
  return envValue(env, "AWS_PROFILE") ?? envValue(env, "AWS_DEFAULT_PROFILE") ?? "default";
}
