import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isProviderAlone } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { chooseProfile, createProfile, hasOtherProfile } from "../../fixes/profile-choice.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { suspectedCredentials } from "../shared/suspected.ts";

/**
 * Messages of botocore and Go's SDKs if nothing in their chain has credentials, or only half a key pair.
 *
 * Source: botocore, exceptions.py (NoCredentialsError, PartialCredentialsError); aws-sdk-go, NoCredentialProviders;
 * token/aws/sources/plan-errors.ts.
 */
const NOTHING_FOUND =
  /Unable to locate credentials|Partial credentials found in (?!assume-role)\S+, missing: \S+|NoCredentialProviders|no EC2 IMDS role found|Could not load credentials from any providers|Unable to load credentials from any of the providers|\[aws-not-configured\]|which (?!source_profile )[^,\n]{1,100} names, gives no credentials|; from (?!source_profile )[^()\n]{1,100}\) does not provide credentials/;

/** A helper in the chain failed with its own message, which is a different cause. */
const FROM_HELPER = /retrieving credentials from custom-process|credential_process/;

export const awsCredentialsMissing = defineRule({
  cause: {
    id: "L1",
    what: "No provider in the AWS credential chain has credentials.",
    seen: "Unable to locate credentials, exit 253",
    remedy: "In the kubeconfig entry, set a profile that has credentials, or create one (aws configure sso).",
    page: "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
  },
  expects: "the exec plugin finds AWS credentials",
  needs: ["credentialErrors"],
  check({ credentialErrors }) {
    const error = credentialErrors.match(NOTHING_FOUND);
    if (error === undefined) return passed;
    if (credentialErrors.match(FROM_HELPER) !== undefined) return doesNotApply("a credential helper failed");
    return found(errorConclusion(error, (facts) => describe(error, facts)));
  },
  suspected: {
    credentials: suspectedCredentials(["L1", "L3", "L14", "L19"], {
      summary:
        "The failed program cannot find its AWS credentials or profile: sudo, CI, containers, and snaps do not see yours.",
      confirmedBy: sentence`${aws("configure list")}, run where the program runs, does not show any credentials.`,
    }),
  },
});

function describe({ quote }: CredentialError, facts: Facts) {
  const { exec, credentials } = facts;
  const plugin = exec?.program ?? "the exec plugin";
  const [words] = quote.match;
  return {
    summary: words.startsWith("Partial")
      ? `${plugin} finds only half of an AWS key pair: ${words}.`
      : `${plugin} cannot find AWS credentials anywhere in its credential provider chain.`,
    evidence: credentials?.isSure === true ? [`Credential provider chain: ${credentials.why}.`] : [],
    falsifiedBy: "The plugin prints a token when it is run with exactly the exec block's environment.",
    fixes: fixes(facts),
  };
}

function fixes(facts: Facts): Fix[] {
  const choose = forYou(
    `Choose a profile that has credentials and set it ${isProviderAlone(facts) ? "for Terraform" : "in the kubeconfig"}.`,
    ...chooseProfile(facts),
  );
  const create = forYou(
    "Or, if you do not have such a profile yet, create one with IAM Identity Center and use it.",
    ...createProfile(facts),
  );
  return hasOtherProfile(facts) ? [choose, create] : [create];
}
