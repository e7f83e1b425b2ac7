import type { SourceKind } from "../../../../doctor/derive/identity/credential-source.ts";

/**
 * Where aws-iam-authenticator (AWS SDK for Go, version 2) takes credentials from in the cases of
 * test/token/aws/sources/cases.ts whose profile AWS_PROFILE names, as far as it is another kind than the AWS CLI's: measured
 * with 0.7.18, by test/peers/aws-iam-authenticator-sources.peer.ts. `nothing`: it refuses.
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

/** Cases in which Go reads the files themselves in another way; the doctor does not follow it there. */
export const GO_READS_OTHERWISE: readonly string[] = [
  "a file with a byte order mark",
  "a line that continues the one above",
  "a quoted name with a blank",
  "a name in single quotes, a note behind it, and Windows line ends",
];

/** Refusals of Go by rules about profiles that the doctor does not know; its words tell. */
export const GO_REFUSES: readonly string[] = [
  "web identity and source_profile",
  "a chain that goes round",
  "a role that is its own source, without keys",
  "a source that does not exist",
  "a source without credentials",
  "both sources",
  "credential_source = EcsContainer outside of a container",
  "a credential_source that there is not",
  "a session of Identity Center that is not there",
  "a region of Identity Center that differs",
  "keys in a session of Identity Center that differ",
  "web identity of a profile without a role",
  "web identity in the environment without a role",
  "web identity in the environment with a session name, and the token file of a profile",
  "an id without its secret",
  "an id in one file and the secret in the other",
  "a source with a role and half of its keys",
  "a process on two lines, with a blank one and a note between them",
  "a role by a login",
];
