import { parseRoleArn } from "../../token/aws/arn.ts";
import { FILE_VARIABLES } from "../../token/aws/file-variables.ts";
import type { SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import type { SharedProfile } from "../../token/aws/sources/shared-files.ts";
import { envValue } from "../../token/env.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import {
  type AmbientSource,
  type ProfileSource,
  sourceVariables,
} from "../../token/kubeconfig/context-source.ts";
import { ANY_REGION, contextPlan, processOf, profileInForce, sharedFilesOf } from "../aws/source-plan.ts";
import { type ForeignEksUser, profileOf, type ShellAws } from "./migration-identity.ts";

/** The identity of another program's entry as a context of ours, and why it may become that; or only why not. */
export type ForeignSource =
  | { readonly source: ProfileSource | AmbientSource; readonly reason: string }
  | { readonly source: undefined; readonly reason: string };

/**
 * The exact identity of an entry of `aws` or aws-iam-authenticator: the profile that it names, or whatever its caller has. None
 * if a context of ours cannot express it, if AWS's programs disagree on it, or if nobody is named at all. The reason completes a
 * sentence that begins with the entry.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys".
 */
export function foreignSource(was: ForeignEksUser, aws: ShellAws): ForeignSource {
  if (was.by === "vouch") return none("it gets its tokens by a login of Vouch's own program");
  if (was.unknownFlag !== undefined)
    return none(`it has the argument ${was.unknownFlag}, which we do not know`);
  if (was.unsayable !== undefined)
    return none(`it has the argument ${was.unsayable}, and no context of ours can say that`);
  const file = FILE_VARIABLES.find((name) => isUnclear(was.env[name]));
  if (file !== undefined)
    return none(`its variable ${file} is ${JSON.stringify(was.env[file])}, which programs read differently`);
  const named = profileOf(was, aws);
  if (named.reason !== undefined) return none(named.reason);
  const roles = { role: was.role, via: [] };
  const source: ProfileSource | AmbientSource =
    named.profile === undefined
      ? { kind: "ambient", ...roles, env: sourceVariables(was.env, "ambient") }
      : { kind: "profile", profile: named.profile, ...roles, env: sourceVariables(was.env, "profile") };
  const obstacle = obstacleOf(source, was, aws);
  return obstacle === undefined ? { source, reason: whose(source, was) } : none(obstacle);
}

function none(reason: string): ForeignSource {
  return { source: undefined, reason };
}

/** The AWS CLI expands variables in such a path, and treats an empty one as no file. */
function isUnclear(file: string | undefined): boolean {
  return file !== undefined && (file === "" || file.includes("$"));
}

function whose(source: ProfileSource | AmbientSource, { isProfileFlag }: ForeignEksUser): string {
  const assumed = source.role === undefined ? "" : `, which assumes ${source.role}`;
  const now = isProfileFlag ? "" : ", from now on also in a shell that has AWS keys";
  return source.kind === "profile"
    ? `it stays AWS profile ${source.profile}${assumed}${now}`
    : `it stays whoever its AWS credentials say${assumed}`;
}

/** Why our identity would be another, given what the files and variables say now. */
function obstacleOf(
  source: ProfileSource | AmbientSource,
  was: ForeignEksUser,
  aws: ShellAws,
): string | undefined {
  const env = { ...aws.env, ...was.env };
  const plan = planOrReason(source, { ...aws, env }, namedBy(was));
  if (typeof plan === "string") return plan;
  const files = sharedFilesOf({ ...aws, env });
  const profile = source.kind === "profile" ? source.profile : undefined;
  const process = processOf(plan);
  if (process !== undefined && "profile" in process.origin) {
    const asked = { line: process.line, configFile: process.origin.file };
    if (!aws.isApproved({ profile: profile ?? null, configFile: files.configPath }, asked))
      return `AWS profile ${process.origin.profile} runs a credential_process, and nobody has approved that yet`;
  }
  if (was.by === "aws") return undefined;
  const { profiles } = files;
  const first = profiles.get(profile ?? profileInForce(env));
  return first === undefined ? undefined : severalSources(first, profiles);
}

/** The variable in an entry that names a profile; undefined: an argument does, or nothing. */
function namedBy({ isProfileFlag, env }: ForeignEksUser): string | undefined {
  if (isProfileFlag) return undefined;
  return ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((name) => envValue(env, name) !== undefined);
}

function planOrReason(
  source: ProfileSource | AmbientSource,
  machine: Pick<ShellAws, "env" | "homeDir">,
  by: string | undefined,
): SourcePlan | string {
  try {
    if (source.role !== undefined) parseRoleArn(source.role);
    return contextPlan(source, ANY_REGION, machine, by);
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    if (error.code === "aws-not-configured") return "it names nobody, and nothing here says who that is";
    return `nothing can be told of its identity: ${reasonOf(error).replace(/\.$/, "")}`;
  }
}

/** Settings that the AWS CLI and the SDK for Go prefer in different orders. */
const KINDS: Readonly<Record<string, string>> = {
  web_identity_token_file: "a web identity",
  sso_account_id: "a role of Identity Center",
  aws_access_key_id: "keys",
  login_session: "a login",
  credential_process: "a process",
  source_profile: "a source profile",
  credential_source: "a credential source",
};

/** Source: aws/aws-sdk-go-v2, config/resolve_credentials.go, `resolveCredsFromProfile`. */
function severalSources(
  { name, settings }: SharedProfile,
  profiles: ReadonlyMap<string, SharedProfile>,
  depth = 0,
): string | undefined {
  const kinds = Object.entries(KINDS).flatMap(([key, what]) => (settings.has(key) ? [what] : []));
  if (kinds.length > 1)
    return `its AWS profile ${name} has ${kinds.join(" and ")}, and programs of AWS take different ones first`;
  const base = profiles.get(settings.get("source_profile")?.value ?? "");
  return base === undefined || base.name === name || depth > profiles.size
    ? undefined
    : severalSources(base, profiles, depth + 1);
}
