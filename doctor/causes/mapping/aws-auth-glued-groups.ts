import { SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Facts } from "../../derive/facts.ts";
import { rbacOf } from "../../eks/rbac/rbac-index.ts";
import { defineAwsAuthLineRule, isCallers } from "../shared/aws-auth-line-rule.ts";
import { suspectedDenial } from "../shared/suspected.ts";

const MERGE = /\s-\s+/;

/** What also stands between groups that are written as one, in a line or on two. */
const SEPARATOR = /[\s,]+(?:-\s+)?/;

/** The groups that are several: with a dash between them, or with a binding to one of them. */
function mergedIn(groups: readonly string[], { evidence }: Pick<Facts, "evidence">): string[] {
  const bound = rbacOf(evidence)?.bindings.flatMap(({ subjects = [] }) => subjects) ?? [];
  const isBound = (group: string) => bound.some(({ kind, name }) => kind === "Group" && name === group);
  return groups.filter((group) => {
    const parts = group.split(SEPARATOR);
    return MERGE.test(group) || (parts.length > 1 && !isBound(group) && parts.some(isBound));
  });
}

/**
 * A list item that is indented too deep is not an error in YAML: it continues the previous item. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthGluedGroups = defineAwsAuthLineRule({
  cause: {
    id: "A6",
    what: "Several groups in aws-auth are written as one, by wrong indentation or with a comma.",
    seen: "401 for nodes, 403 for users",
    remedy: "Cluster admin: make each group a separate list item.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "each group in aws-auth is a separate list item",
  wrong: "must list each group separately, but several are written as one",
  falsifiedBy: "A binding refers to the group by this whole name.",
  description: "Make each group a separate list item.",
  explains: ["R1", "R7", "A17"],
  confidence: ({ mapped }, seen) => mapped ?? (seen.isAboutNodes ? "certain" : undefined),
  refuted({ entries }, { evidence }) {
    const merged = entries.flatMap(({ groups }) => mergedIn(groups, { evidence }));
    const bound = rbacOf(evidence)?.bindings.flatMap(({ subjects = [] }) => subjects) ?? [];
    return bound.some(({ kind, name }) => kind === "Group" && merged.includes(name));
  },
  faultOf({ arn, groups }, seen) {
    const merged = mergedIn(groups, seen);
    if (merged.length === 0) return undefined;
    const isForNodes = groups.some((group) => group.includes("system:nodes"));
    return {
      detail: merged.map((group) => JSON.stringify(group)).join(", "),
      isCallers: isCallers(arn, seen.principal) || (isForNodes && seen.isAboutNodes),
      right: {
        groups: groups.flatMap((group) => (merged.includes(group) ? group.split(SEPARATOR) : [group])),
      },
    };
  },
  suspected: {
    forbidden: suspectedDenial(["A6"], ({ groups }) => {
      const merged = groups.find((group) => /\s/.test(group));
      if (merged === undefined) return undefined;
      return {
        summary: "Wrong indentation in aws-auth merged the caller's groups into one.",
        hints: [`Kubernetes reports that you are in a single group, “${merged}”.`],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the groups of the mapping.`,
      };
    }),
  },
});
