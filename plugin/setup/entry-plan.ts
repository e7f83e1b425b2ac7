import { parseRoleArn } from "../../token/aws/arn.ts";
import type { CredentialsPlan } from "../../token/aws/sources/plan-kinds.ts";
import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";
import type { SharedProfile } from "../../token/aws/sources/shared-files.ts";
import { envValue } from "../../token/env.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { AwsIdentity } from "../../token/kubeconfig/identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import type { ForeignEksUser } from "./foreign-user.ts";

/** The variable in an entry that names a profile; undefined: an argument does, or nothing. */
export function namedBy({ isProfileFlag, env }: ForeignEksUser): string | undefined {
  if (isProfileFlag) return undefined;
  return ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((name) => envValue(env, name) !== undefined);
}

/** Where the credentials of an entry come from, or why it is unknown; the reason completes a sentence that begins with the entry. */
export function planOrReason(
  source: AwsIdentity,
  machine: AwsMachine,
  by: string | undefined,
): CredentialsPlan | string {
  try {
    if (source.role !== undefined) parseRoleArn(source.role);
    return contextPlan(source, ANY_REGION, machine, by);
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    if (error.code === "aws-not-configured")
      return "it does not specify an identity, and this machine does not provide one";
    return `its identity cannot be determined: ${reasonOf(error).replace(/\.$/, "")}`;
  }
}

/** Settings that the AWS CLI and the SDK for Go prefer in different orders. */
const KINDS: Readonly<Record<string, string>> = {
  web_identity_token_file: "a web identity",
  sso_account_id: "an Identity Center role",
  aws_access_key_id: "keys",
  login_session: "a login",
  credential_process: "a process",
  source_profile: "a source profile",
  credential_source: "a credential source",
};

/**
 * Why programs take different credentials of a profile. Source: aws/aws-sdk-go-v2, config/resolve_credentials.go,
 * `resolveCredsFromProfile`.
 */
export function severalSources(
  { name, settings }: SharedProfile,
  profiles: ReadonlyMap<string, SharedProfile>,
  depth = 0,
): string | undefined {
  const kinds = Object.entries(KINDS).flatMap(([key, what]) => (settings.has(key) ? [what] : []));
  if (kinds.length > 1)
    return `its AWS profile ${name} has ${kinds.join(" and ")}, and AWS programs disagree on which comes first`;
  const base = profiles.get(settings.get("source_profile")?.value ?? "");
  return base === undefined || base.name === name || depth > profiles.size
    ? undefined
    : severalSources(base, profiles, depth + 1);
}
