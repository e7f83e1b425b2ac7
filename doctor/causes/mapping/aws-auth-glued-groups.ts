import { SHOW_AWS_AUTH } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { rbacOf } from "../../derive/authorization/rbac-index.ts";
import { defineAwsAuthLineRule, isCallers } from "../shared/aws-auth-line-rule.ts";
import { suspectedDenial } from "../shared/suspected-denial.ts";

const GLUE = /\s-\s+/;

/**
 * A list item that is indented too deep is no error in YAML: it continues the previous item. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthGluedGroups = defineAwsAuthLineRule({
  causes: [
    {
      id: "A6",
      what: "The indentation is wrong, and groups are glued together.",
      seen: "401 for nodes, 403 for people",
    },
  ],
  expects: "each group in aws-auth is an item of its own",
  wrong: "has two groups glued into one, because one is indented too deep",
  falsifiedBy: "There is a binding to the group with the dash in its name.",
  description: "Make each group an item of its own.",
  explains: ["R1", "R7", "A17"],
  confidence: ({ mapped }, seen) => mapped ?? (seen.isAboutNodes ? "certain" : undefined),
  refuted({ entries }, { evidence }) {
    const glued = entries.flatMap(({ groups }) => groups.filter((group) => GLUE.test(group)));
    const bound = rbacOf(evidence)?.bindings.flatMap(({ subjects = [] }) => subjects) ?? [];
    return bound.some(({ kind, name }) => kind === "Group" && glued.includes(name));
  },
  faultOf({ arn, groups }, seen) {
    const glued = groups.filter((group) => GLUE.test(group));
    if (glued.length === 0) return undefined;
    const isForNodes = groups.some((group) => group.includes("system:nodes"));
    return {
      detail: glued.map((group) => JSON.stringify(group)).join(", "),
      isCallers: isCallers(arn, seen.principal) || (isForNodes && seen.isAboutNodes),
      right: { groups: groups.flatMap((group) => group.split(GLUE)) },
    };
  },
  suspected: {
    forbidden: suspectedDenial(["A6"], ({ groups }) => {
      const glued = groups.find((group) => /\s/.test(group));
      if (glued === undefined) return undefined;
      return {
        hinted: true,
        summary: "aws-auth is indented wrongly, and the caller's groups are merged into one.",
        hints: [`Kubernetes says that you are in one group “${glued}”.`],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the groups of the line.`,
      };
    }),
  },
});
