import { FILE_VARIABLES } from "../../token/aws/file-variables.ts";
import { readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { type AwsIdentity, identityVariables } from "../../token/kubeconfig/identity.ts";
import { processOf, profileInForce } from "../aws/context-plan.ts";
import { namedBy, planOrReason, severalSources } from "./entry-plan.ts";
import type { ForeignEksUser, ShellAws } from "./foreign-user.ts";
import { profileOf } from "./migration-identity.ts";

/** The identity of another program's entry as a context of ours, and why it may become that; or only why not. */
type ForeignIdentity =
  | { readonly source: AwsIdentity; readonly reason: string }
  | { readonly source: undefined; readonly reason: string };

/**
 * The exact identity of an entry of `aws` or aws-iam-authenticator: the profile that it specifies, or that of its caller. None
 * if a context of ours cannot express it, if AWS's programs disagree on it, or if no identity is specified. The reason completes a
 * sentence that begins with the entry.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys".
 */
export function foreignIdentity(was: ForeignEksUser, aws: ShellAws): ForeignIdentity {
  if (was.by === "vouch") return none("it gets its tokens through a login with Vouch's own program");
  if (was.unknownFlag !== undefined)
    return none(`it has the argument ${was.unknownFlag}, which kubectl-vouch does not know`);
  if (was.unsayable !== undefined)
    return none(`it has the argument ${was.unsayable}, which a kubectl-vouch context cannot express`);
  const file = FILE_VARIABLES.find((name) => isUnclear(was.env[name]));
  if (file !== undefined)
    return none(
      `its variable ${file} is ${JSON.stringify(was.env[file])}, which programs interpret differently`,
    );
  const named = profileOf(was, aws);
  if (named.reason !== undefined) return none(named.reason);
  const { profile } = named;
  const env = identityVariables(was.env, profile);
  const { role, sessionName } = was;
  const session = sessionName === undefined ? {} : { sessionName };
  const source: AwsIdentity = { kind: "aws", profile, role, via: [], env, ...session };
  const obstacle = obstacleOf(source, was, aws);
  return obstacle === undefined ? { source, reason: whose(source, was) } : none(obstacle);
}

function none(reason: string): ForeignIdentity {
  return { source: undefined, reason };
}

/** The AWS CLI expands variables in such a path, and treats an empty one as no file. */
function isUnclear(file: string | undefined): boolean {
  return file !== undefined && (file === "" || file.includes("$"));
}

function whose(source: AwsIdentity, { isProfileFlag }: ForeignEksUser): string {
  const session =
    source.sessionName === undefined ? ", now in a session named after you" : ` as ${source.sessionName}`;
  const assumed = source.role === undefined ? "" : `, which assumes ${source.role}${session}`;
  const now = isProfileFlag ? "" : ", now also in a shell with AWS keys";
  return source.profile === undefined
    ? `it still uses the caller's AWS credentials${assumed}`
    : `it still uses AWS profile ${source.profile}${assumed}${now}`;
}

/** Why our identity would be another, given what the files and variables say now. */
function obstacleOf(source: AwsIdentity, was: ForeignEksUser, aws: ShellAws): string | undefined {
  const env = { ...aws.env, ...was.env };
  const plan = planOrReason(source, { ...aws, env }, namedBy(was));
  if (typeof plan === "string") return plan;
  const { files } = readAwsFiles({ ...aws, env });
  const { profile } = source;
  const process = processOf(plan);
  if (process !== undefined && "profile" in process.origin) {
    const asked = { line: process.line, configFile: process.origin.file };
    if (!aws.isApproved({ profile, configFile: files.configPath }, asked))
      return `AWS profile ${process.origin.profile} runs a credential_process that has not been approved yet`;
  }
  if (was.by === "aws") return undefined;
  const { profiles } = files;
  const first = profiles.get(profile ?? profileInForce(env));
  return first === undefined ? undefined : severalSources(first, profiles);
}
