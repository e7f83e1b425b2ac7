import type { SourceKind } from "../../../../doctor/derive/identity/aws-source.ts";
import type { SourceCase } from "../../../token/aws/sources/source-case.ts";

/**
 * Where aws-iam-authenticator (AWS SDK for Go, version 2) takes credentials from in the cases of
 * test/token/aws/sources/cases.ts whose profile AWS_PROFILE names, as far as it is another kind than the AWS CLI's: measured
 * with 0.7.18, by test/peers/aws-profiles/aws-iam-authenticator.peer.ts. `nothing`: it refuses.
 */
export const GO_KINDS: Readonly<Record<string, SourceKind>> = {
  "keys in the environment and --profile": "environment",
  "an id in the environment without its secret": "credentials-file",
  "web identity in the environment and a role of AWS_PROFILE": "web-identity",
  "web identity in the environment and --profile": "web-identity",
  "an empty AWS_PROFILE": "credentials-file",
  "a file that cannot be read": "credentials-file",
  "[DEFAULT]": "instance-metadata",
  "a section twice": "assume-role",
  "a key twice": "credentials-file",
  "[profile default], then [default]": "config-file",
  "[profile a], then [profile 'a']": "config-file",
  "Identity Center and keys in credentials": "credentials-file",
  "a process in credentials and keys in config": "config-file",
  "a login and a process": "login",
  "a login": "login",
  "Identity Center without a role": "sso",
  "Identity Center without an account": "sso",
  "a session of Identity Center, and neither account nor role": "sso",
  "an empty id before a process": "process",
  "a chain that goes round to a profile with keys": "assume-role",
  "an empty role_arn before keys": "config-file",
  "an empty source_profile": "assume-role",
  "role_arn alone": "assume-role",
  "credential_source = Environment with keys there": "environment",
  "credential_source = Environment without keys there": "assume-role",
  "credential_source = Ec2InstanceMetadata, disabled": "assume-role",
  "a process whose program begins with ~": "process",
};

/** Cases in which Go reads the files themselves in another way, and what it does then; the doctor does not follow it there. */
export const GO_READS_OTHERWISE: Readonly<Record<string, RegExp>> = {
  "a file with a byte order mark": /^key instance-metadata$/,
  "blanks before the word profile": /^key C$/,
  "CR alone as the end of each line": /failed to get shared config profile, a$/m,
  "a line that continues the one above": /operation error STS: AssumeRole,/,
  "a quoted name with a blank": /failed to get shared config profile, my dev$/m,
  "a name in single quotes, a note behind it, and Windows line ends":
    /failed to get shared config profile, my dev$/m,
};

const CANNOT_LOAD = (role: string, profile: string) =>
  new RegExp(`failed to load assume role arn:aws:iam::111122223333:role/${role}, of profile ${profile}, `);
const SEVERAL = /only one credential type may be specified per profile/;
const HALF = /partial credentials found for profile /;

/** Refusals of Go by rules about profiles that the doctor does not know; its words tell. */
export const GO_REFUSES: Readonly<Record<string, RegExp>> = {
  "web identity and source_profile": SEVERAL,
  "a chain that goes round": CANNOT_LOAD("rb", "a"),
  "a role that is its own source, without keys": CANNOT_LOAD("ra", "a"),
  "a source that does not exist": CANNOT_LOAD("ra", "n"),
  "a source without credentials": CANNOT_LOAD("ra", "b"),
  "both sources": SEVERAL,
  "credential_source = EcsContainer outside of a container":
    /EcsContainer was specified as the credential_source, but neither/,
  "a credential_source that there is not": /credential_source values must be EcsContainer, /,
  "a session of Identity Center that is not there": /failed to find SSO session section, corp$/m,
  "a region of Identity Center that differs":
    /sso_region in profile "a" must match sso_region in sso-session/,
  "keys in a session of Identity Center that differ": HALF,
  "web identity of a profile without a role":
    /credential type web_identity_token_file requires role_arn, profile a$/m,
  "web identity in the environment without a role": /role ARN is not set/,
  "web identity in the environment with a session name, and the token file of a profile":
    /role ARN is not set/,
  "an id without its secret": HALF,
  "an id in one file and the secret in the other": HALF,
  "a source with a role and half of its keys": HALF,
  "a process on two lines, with a blank one and a note between them": /parse failed of process output/,
  "a role by a login": CANNOT_LOAD("ra", "b"),
};

/**
 * The kinds that a case may have, by what is measured of the AWS CLI where that is not another; `B`, `C` and `D` are keys of
 * files.
 */
export function goKinds({ name, ours, cli2 }: SourceCase): readonly SourceKind[] {
  const other = GO_KINDS[name];
  return other === undefined ? kindsOf(cli2 ?? ours) : [other];
}

/** The kinds that the words of a plan stand for; where it is no plan, it is a refusal. */
export function kindsOf(outcome: SourceCase["ours"] | SourceCase["cli2"]): readonly SourceKind[] {
  if (typeof outcome !== "string") return ["nothing"];
  const [first = "", second, third] = outcome.split(" by ");
  if (second?.startsWith("token ") && third === undefined) return ["web-identity"];
  if (second !== undefined) return ["assume-role"];
  if (/^(?:sso|login) /.test(first)) return [first.split(" ")[0] as SourceKind];
  if (first === "E") return ["environment"];
  return /^[BCD]$/.test(first) ? ["credentials-file", "config-file"] : [first as SourceKind];
}
