import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { aws } from "../../fixes/aws.ts";
import { renewal } from "../../fixes/credential-renewal.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * STS's words for session keys that are over. Not those for a web identity token ("Token expired: current date/time …")
 * and not those for a clock ("Signature expired").
 */
const KEYS_EXPIRED =
  /security token included in the request is expired|\(ExpiredToken\) when calling the (?!AssumeRoleWithWebIdentity)|\bExpiredToken:(?! Token expired)/i;

export const awsCredentialsExpired = defineRule({
  causes: ["L5"],
  expects: "the AWS session keys that the plugin signs with have not expired",
  needs: ["credentialErrors"],
  reads: ["cloud9Variables"],
  check({ credentialErrors }, seen) {
    const error = credentialErrors.match(KEYS_EXPIRED);
    if (error === undefined) return passed;
    if (seen.cloud9Variables.length > 0) return doesNotApply("Cloud9 manages these keys");
    return found(errorConclusion(error, (facts) => describe(error, facts)));
  },
});

function describe({ quote }: CredentialError, facts: Facts) {
  const { credentials, token, exec, pluginRun } = facts;
  const source = profileInForce(credentials);
  const from = source === undefined ? credentials?.kind : `profile ${source}`;
  const isMinted = quote.by === "caller-identity" && pluginRun?.exitCode === 0;
  return {
    summary: `The AWS session keys that ${exec?.program ?? "the plugin"} uses${
      from === undefined ? "" : ` (${from})`
    } have expired.`,
    evidence: [
      isMinted && "The plugin still gave a token: it signs one without asking AWS.",
      token?.accessKeyId && `The token is signed with key ${token.accessKeyId}.`,
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity")}, with exactly the exec block's environment, gives an identity.`,
    fixes: [renewal(facts)],
  };
}
