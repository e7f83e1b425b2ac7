import { aws, kubectl, unsetVariables } from "../../token/command/command.ts";
import { removeFolder } from "../../token/command/tasks.ts";
import type { Facts } from "../derive/facts.ts";
import type { CredentialSource } from "../derive/identity/aws-source.ts";
import { isOwnSourceBlock, profileInForce } from "../derive/identity/credential-source.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { type Fix, forYou } from "./fix.ts";
import { signIn } from "./profile-choice.ts";

/** The variables that together form one set of keys. */
export const KEY_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

/** How to renew the credentials, at the source that the plugin uses. */
export function renewal(facts: Facts): Fix {
  const { credentials, vouch, exec, evidence } = facts;
  const profile = profileInForce(credentials) ?? "default";
  if (isFromVouch(credentials)) {
    return forYou(
      "Clear the cached AWS credentials, and log in again if prompted.",
      kubectl("vouch cache clear"),
      kubectl("vouch login", { server: vouch?.server ?? exec?.server }),
    );
  }
  switch (credentials?.kind) {
    case "environment":
      return forYou(
        "Unset the old keys in the shell, then get new ones the same way as before.",
        unsetVariables(...KEY_VARIABLES),
      );
    case "sso":
      return forYou("Sign in to IAM Identity Center again.", ...signIn(facts, "sso login", profile));
    case "login":
      return forYou("Sign in to AWS again.", ...signIn(facts, "login", profile));
    case "assume-role":
      return isOwnSourceBlock(exec) ? CLEAR_OWN_CACHE : clearCliCache(evidence);
    default:
      return forYou(
        "Replace the keys in the profile, with the tool that wrote them.",
        aws("configure list", { profile }),
      );
  }
}

const CLEAR_OWN_CACHE = forYou(
  "Clear the cached role credentials; new ones are fetched automatically.",
  kubectl("vouch cache clear"),
);

/** Removes the AWS CLI's cached credentials of assumed roles. */
export function clearCliCache(evidence: DoctorEvidence): Fix {
  const folder = awsFolder(evidence);
  const cache = folder === undefined ? { underHome: ".aws/cli/cache" } : `${folder}/cli/cache`;
  return forYou("Delete the AWS CLI's cached role credentials; it fetches new ones.", removeFolder(cache));
}

/** Whether the credentials come from Vouch, directly or through a profile. */
export function isFromVouch(credentials: CredentialSource | undefined): boolean {
  return (
    credentials?.kind === "vouch" || credentials?.chain.some((link) => link.vouch !== undefined) === true
  );
}

function awsFolder(evidence: DoctorEvidence): string | undefined {
  const [, folder] = /^(.*\/\.aws)\/config$/.exec(knownValue(evidence.awsConfig)?.path ?? "") ?? [];
  const home = knownValue(evidence.environment)?.["HOME"];
  return folder ?? (home === undefined ? undefined : `${home}/.aws`);
}
