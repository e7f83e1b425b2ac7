import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addToAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * An account in mapAccounts lets everybody of it in, under the name of the ARN and in no group.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthMapAccounts = defineLegacyRule({
  code: "aws-auth-map-accounts",
  stage: "mapping",
  causes: ["A11"],
  expects: "more than mapAccounts maps the caller, since that gives no rights",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal } = facts;
    const view = awsAuthView(facts);
    if (view?.mapped === undefined || mapping.awsAuthMatch?.by !== "mapAccounts") return [];
    const { canonicalArn, account, kind, name } = principal;
    const section = kind === "role" ? "mapRoles" : "mapUsers";
    return [
      {
        cause: "A11",
        stage: "mapping",
        severity: "error",
        confidence: view.mapped,
        summary: `Only mapAccounts lets the caller in, with the name ${canonicalArn} and without any group.`,
        evidence: [
          `mapAccounts in aws-auth has ${account}, and neither mapRoles nor mapUsers has ${canonicalArn}.`,
          ...(facts.symptom?.kind === "forbidden"
            ? [`The refusal names ${JSON.stringify(facts.symptom.user)}.`]
            : []),
        ],
        falsifiedBy: sentence`${kubectl("auth whoami")} shows a group besides system:authenticated.`,
        fixes: [
          addToAwsAuth(
            facts,
            "Give the caller a line of their own, in a group that is bound to what they are to do.",
            {
              section,
              arn: canonicalArn,
              username: kind === "role" ? `${name}:{{SessionName}}` : name,
              groups: ["GROUP"],
            },
          ),
          accessEntryFix(facts),
        ],
        explains: ["R1", "R7", "E5"],
      },
    ];
  },
});
