import { aws } from "../../../token/command/command.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { forYou } from "../../fixes/fix.ts";

/** AWS's errors for managed temporary credentials that are outdated or do not allow the action. */
const REFUSED = /InvalidClientTokenId|security token included in the request is (?:invalid|expired)/;

export const awsCloud9Credentials = defineRule({
  cause: {
    id: "L15",
    what: "Cloud9 overwrites ~/.aws/credentials with its own temporary keys.",
    seen: "InvalidClientTokenId, or an unexpected role",
    remedy: "Disable “AWS managed temporary credentials” in Cloud9, and use the instance's role.",
  },
  expects: "the plugin does not use Cloud9's managed temporary credentials",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    if (seen.cloud9Variables.length === 0) return doesNotApply("Cloud9 does not manage these credentials");
    const error = seen.credentialErrors?.match(REFUSED);
    const isStranger = () => seen.symptom?.kind === "unauthorized" && seen.mapping?.by === "nobody";
    if (error === undefined && !isStranger()) return passed;
    return found({
      severity,
      confidence: error === undefined ? "possible" : "likely",
      inferred: error === undefined,
      explains: ["E1", "A1"],
      describe: (facts) => describe(facts, error),
    });
  },
});

function describe({ cloud9Variables, credentials }: Facts, error: CredentialError | undefined): Description {
  const file = credentials?.kind === "credentials-file" ? "the credentials file" : "the config file";
  return {
    summary: "The plugin uses Cloud9's managed temporary credentials from the default profile.",
    evidence: [
      `This is Cloud9: the environment contains ${cloud9Variables.join(", ")}.`,
      `The plugin uses ${file}: ${credentials?.why}.`,
      error?.said,
    ],
    falsifiedBy: "AWS managed temporary credentials are already turned off in Cloud9's preferences.",
    fixes: [
      forYou(
        "In Cloud9, open Preferences > AWS Settings and turn off “AWS managed temporary credentials”; then use the instance role.",
        aws("cloud9 update-environment", {
          "environment-id": "ENVIRONMENT",
          "managed-credentials-action": "DISABLE",
        }),
        aws("sts get-caller-identity"),
      ),
    ],
  };
}
