import { type DoctorEvidence, known } from "../evidence.ts";
import type { Mend } from "../rule.ts";
import { type CredentialSource, profileInForce } from "./aws-environment.ts";
import type { Facts } from "./facts.ts";

/** The variables that together are one set of keys. */
export const KEY_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

/** How to get fresh credentials from where the plugin takes them. */
export function renewal({ credentials, vouch, exec, evidence }: Facts): Mend {
  const profile = profileInForce(credentials) ?? "default";
  if (isFromVouch(credentials)) {
    return mend("Forget the AWS credentials that are cached, and log in again if you are asked to.", [
      ["kubectl", "vouch", "cache", "clear"],
      ["kubectl", "vouch", "login", ...serverFlag(vouch?.server ?? exec?.server)],
    ]);
  }
  switch (credentials?.kind) {
    case "environment":
      return mend("Take the old keys out of the shell, then get fresh ones the way these were got.", [
        ["unset", ...KEY_VARIABLES],
      ]);
    case "sso":
      return mend("Sign in to IAM Identity Center again.", [["aws", "sso", "login", "--profile", profile]]);
    case "login":
      return mend("Sign in again.", [["aws", "login", "--profile", profile]]);
    case "assume-role":
      return forgetCliCache(evidence);
    default:
      return mend("Write fresh keys into the profile, with the tool that wrote these.", [
        ["aws", "configure", "list", "--profile", profile],
      ]);
  }
}

/** Removes what the AWS CLI keeps of roles it assumed; a word with `~` would be quoted, so the real folder is named. */
export function forgetCliCache(evidence: DoctorEvidence): Mend {
  const does = "Remove the role credentials that the AWS CLI has cached; it fetches new ones.";
  const folder = awsFolder(evidence);
  return folder === undefined
    ? { by: "you", does, text: "rm -r ~/.aws/cli/cache" }
    : mend(does, [["rm", "-r", `${folder}/cli/cache`]]);
}

/** `--server URL`, when it is known. */
export function serverFlag(server: string | undefined): string[] {
  return server === undefined ? [] : ["--server", server];
}

/** Whether the credentials come out of Vouch, directly or through a profile. */
export function isFromVouch(credentials: CredentialSource | undefined): boolean {
  return (
    credentials?.kind === "vouch" || credentials?.chain.some((link) => link.vouch !== undefined) === true
  );
}

function awsFolder(evidence: DoctorEvidence): string | undefined {
  const [, folder] = /^(.*\/\.aws)\/config$/.exec(known(evidence.awsConfig)?.path ?? "") ?? [];
  const home = known(evidence.environment)?.["HOME"];
  return folder ?? (home === undefined ? undefined : `${home}/.aws`);
}

function mend(does: string, commands: readonly (readonly string[])[]): Mend {
  return { by: "you", does, commands };
}
