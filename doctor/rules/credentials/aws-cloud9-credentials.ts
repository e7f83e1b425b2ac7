import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isOtherPrincipal, preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { cloud9Variables } from "../../derive/identity/cloud9.ts";
import { aws } from "../../fixes/aws.ts";

/** What AWS says of the managed temporary credentials once they are outdated, or used for what they may not do. */
const REFUSED = /InvalidClientTokenId|security token included in the request is (?:invalid|expired)/;

export const awsCloud9Credentials = defineLegacyRule({
  code: "aws-cloud9-credentials",
  stage: "credentials",
  causes: ["L15"],
  expects: "Cloud9's managed temporary credentials are not in the way",
  needs: ["exec", "credentials"],
  judge(facts) {
    const { credentials, symptom, mapping } = facts;
    const variables = cloud9Variables(facts);
    if (variables.length === 0 || isOtherPrincipal(facts)) return [];
    const refusal = refusalIn(facts, REFUSED);
    const isStranger = symptom?.kind === "unauthorized" && mapping?.by === "nobody";
    const severity = refusal?.severity ?? (isStranger ? preAuthSeverity(facts) : undefined);
    if (severity === undefined) return [];
    return [
      {
        cause: "L15",
        stage: "credentials",
        severity,
        confidence: refusal === undefined ? "possible" : "likely",
        inferred: refusal === undefined,
        summary:
          "Cloud9's managed temporary credentials stand in the default profile, and are used for the cluster.",
        evidence: [
          `This is Cloud9: ${variables.join(", ")} in the environment.`,
          `The plugin uses ${credentials.kind === "credentials-file" ? "the credentials file" : "the config file"}: ${credentials.why}.`,
          ...(refusal === undefined ? [] : [refusal.said]),
        ],
        falsifiedBy: "Managed temporary credentials are already switched off in Cloud9's preferences.",
        fixes: [
          {
            audience: "you",
            description:
              "In Cloud9: Preferences, AWS Settings, switch off “AWS managed temporary credentials”; then use the instance's role.",
            actions: [
              aws("cloud9 update-environment", {
                "environment-id": "ENVIRONMENT",
                "managed-credentials-action": "DISABLE",
              }),
              aws("sts get-caller-identity"),
            ],
          },
        ],
        explains: ["E1", "A1"],
      },
    ];
  },
});
