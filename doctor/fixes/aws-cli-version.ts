import { aws, type Run, run, type Value } from "../../token/command/command.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { type Action, documentOf } from "./fix.ts";

/**
 * Whether the user's AWS CLI is known to be version 1, which lacks some commands of version 2. Source:
 * doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
export function isVersion1({ execCommand }: DoctorEvidence): boolean {
  return /^aws-cli\/1\./.test(knownValue(execCommand)?.version ?? "");
}

/** Where to get version 2. */
const VERSION_2 = documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html");

/** Prints the names of all profiles. */
export function listProfiles(evidence: DoctorEvidence): Run {
  if (!isVersion1(evidence)) return aws("configure list-profiles");
  const files = [knownValue(evidence.awsConfig), knownValue(evidence.awsCredentials)];
  const known = files.flatMap((file) => (file === undefined || file.text === "" ? [] : [file.path]));
  const usual: readonly Value[] = [{ underHome: ".aws/config" }, { underHome: ".aws/credentials" }];
  return run("grep", "-hs", {}, "^\\[", ...(known.length > 0 ? known : usual));
}

/** Creates a profile for IAM Identity Center: without `sso`, the CLI would store keys that never expire. */
export function newProfile(evidence: DoctorEvidence, profile: string): readonly Action[] {
  return browserSignIn(evidence, "configure sso", profile);
}

/** Signs in with a browser; if the CLI is version 1, after version 2 has been installed. */
export function browserSignIn(
  evidence: DoctorEvidence,
  operation: "login" | "sso login" | "configure sso",
  profile: string | undefined,
): readonly Action[] {
  return [...(isVersion1(evidence) ? [VERSION_2] : []), aws(operation, { profile })];
}
