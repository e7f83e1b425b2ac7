import { SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { rbacOf } from "../../eks/rbac/rbac-index.ts";
import { defineAwsAuthLineRule, isCallers } from "../shared/aws-auth-line-rule.ts";
import { suspectedDenial } from "../shared/suspected.ts";

const MERGE = /\s-\s+/;

/**
 * A list item that is indented too deep is not an error in YAML: it continues the previous item. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthGluedGroups = defineAwsAuthLineRule({
  causes: [
    {
      id: "A6",
      what: "Wrong indentation in aws-auth merges groups into one.",
      seen: "401 for nodes, 403 for users",
    },
  ],
  expects: "each group in aws-auth is a separate list item",
  wrong: "must list each group separately, but wrong indentation merged two into one",
  falsifiedBy: "A binding refers to the group with the dash in its name.",
  description: "Make each group a separate list item.",
  explains: ["R1", "R7", "A17"],
  confidence: ({ mapped }, seen) => mapped ?? (seen.isAboutNodes ? "certain" : undefined),
  refuted({ entries }, { evidence }) {
    const merged = entries.flatMap(({ groups }) => groups.filter((group) => MERGE.test(group)));
    const bound = rbacOf(evidence)?.bindings.flatMap(({ subjects = [] }) => subjects) ?? [];
    return bound.some(({ kind, name }) => kind === "Group" && merged.includes(name));
  },
  faultOf({ arn, groups }, seen) {
    const merged = groups.filter((group) => MERGE.test(group));
    if (merged.length === 0) return undefined;
    const isForNodes = groups.some((group) => group.includes("system:nodes"));
    return {
      detail: merged.map((group) => JSON.stringify(group)).join(", "),
      isCallers: isCallers(arn, seen.principal) || (isForNodes && seen.isAboutNodes),
      right: { groups: groups.flatMap((group) => group.split(MERGE)) },
    };
  },
  suspected: {
    forbidden: suspectedDenial(["A6"], ({ groups }) => {
      const merged = groups.find((group) => /\s/.test(group));
      if (merged === undefined) return undefined;
      return {
        hinted: true,
        summary: "Wrong indentation in aws-auth merged the caller's groups into one.",
        hints: [`Kubernetes reports that you are in a single group, “${merged}”.`],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the groups of the mapping.`,
      };
    }),
  },
});
