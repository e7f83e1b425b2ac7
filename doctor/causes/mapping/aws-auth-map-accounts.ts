import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addPerson } from "../../fixes/aws-auth-fixes.ts";
import { reviewedGroups } from "../shared/refuted.ts";
import { suspectedDenial } from "../shared/suspected.ts";

/**
 * An account in mapAccounts maps every principal in it, with the ARN as username and without groups. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthMapAccounts = defineRule({
  cause: {
    id: "A11",
    what: "Only mapAccounts matches, which sets a username but no groups.",
    seen: "403 as arn:aws:iam::…",
    remedy: "Cluster admin: add a separate mapping for the caller, or create an access entry.",
  },
  expects: "the caller is mapped by more than mapAccounts, which does not grant any permissions",
  needs: ["awsAuthView", "mapping", "principal"],
  check({ awsAuthView, mapping, principal }) {
    const { awsAuthMatch } = mapping;
    if (awsAuthMatch === undefined) return doesNotApply("aws-auth does not map the caller");
    if (awsAuthMatch.by !== "mapAccounts") return passed;
    const { mapped } = awsAuthView;
    if (mapped === undefined) return doesNotApply("aws-auth is not involved in the failure");
    const { canonicalArn, account } = principal;
    return found({
      confidence: mapped,
      explains: ["R1", "R7", "E5"],
      describe: (facts) => ({
        summary: `Only mapAccounts maps the caller, to username ${canonicalArn} without any groups.`,
        evidence: [
          `mapAccounts in aws-auth lists ${account}, but mapRoles and mapUsers do not list ${canonicalArn}.`,
          facts.symptom?.kind === "forbidden" &&
            `The denial is for user ${JSON.stringify(facts.symptom.user)}.`,
        ],
        falsifiedBy: sentence`${kubectl("auth whoami")} shows a group other than system:authenticated.`,
        fixes: [addPerson(facts, "Add a separate mapping for the caller", principal), accessEntryFix(facts)],
      }),
    });
  },
  refuted: (seen) => reviewedGroups(seen).some((group) => group !== "system:authenticated"),
  suspected: {
    forbidden: suspectedDenial(["A11"], ({ user, facts }) => {
      if (facts.principal?.kind !== "role" || user !== facts.principal.canonicalArn) return undefined;
      return {
        summary:
          "Only mapAccounts in aws-auth maps the caller: it sets a username but no groups, so RBAC grants nothing.",
        hints: [`Your Kubernetes username is the ARN of the role, ${user}.`],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the account under mapAccounts, but does not show a mapping for the role.`,
      };
    }),
  },
});
