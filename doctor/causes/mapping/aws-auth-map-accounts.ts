import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addPerson } from "../../fixes/aws-auth-fixes.ts";
import { reviewedGroups } from "../shared/refuted.ts";
import { suspectedDenial } from "../shared/suspected-denial.ts";

/**
 * An account in mapAccounts lets in everybody in it, with their ARN as username and without groups. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthMapAccounts = defineRule({
  causes: [
    {
      id: "A11",
      what: "Only mapAccounts matches, which gives a name and no group.",
      seen: "403 as arn:aws:iam::…",
    },
  ],
  expects: "something besides mapAccounts maps the caller, since mapAccounts gives no rights",
  needs: ["awsAuthView", "mapping", "principal"],
  check({ awsAuthView, mapping, principal }) {
    const { awsAuthMatch } = mapping;
    if (awsAuthMatch === undefined) return doesNotApply("aws-auth does not map the caller");
    if (awsAuthMatch.by !== "mapAccounts") return passed;
    const { mapped } = awsAuthView;
    if (mapped === undefined) return doesNotApply("aws-auth has no part in the failure");
    const { canonicalArn, account } = principal;
    return found({
      confidence: mapped,
      explains: ["R1", "R7", "E5"],
      describe: (facts) => ({
        summary: `Only mapAccounts lets the caller in, with the name ${canonicalArn} and without any group.`,
        evidence: [
          `mapAccounts in aws-auth has ${account}, and neither mapRoles nor mapUsers has ${canonicalArn}.`,
          facts.symptom?.kind === "forbidden" && `The refusal names ${JSON.stringify(facts.symptom.user)}.`,
        ],
        falsifiedBy: sentence`${kubectl("auth whoami")} shows a group besides system:authenticated.`,
        fixes: [addPerson(facts, "Give the caller a line of their own", principal), accessEntryFix(facts)],
      }),
    });
  },
  refuted: (seen) => reviewedGroups(seen).some((group) => group !== "system:authenticated"),
  suspected: {
    forbidden: suspectedDenial(["A11"], ({ user, facts }) => {
      if (facts.principal?.kind !== "role" || user !== facts.principal.canonicalArn) return undefined;
      return {
        hinted: true,
        summary: `Only mapAccounts of aws-auth lets the caller in: it gives a name and no group, so RBAC grants nothing.`,
        hints: [`Kubernetes calls you by the ARN of the role, ${user}.`],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the account under mapAccounts, and no line for the role.`,
      };
    }),
  },
});
