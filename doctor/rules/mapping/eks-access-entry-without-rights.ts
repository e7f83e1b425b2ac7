import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { hasContextForCertainty } from "../../derive/mapping/context-for-certainty.ts";
import { entryUsername } from "../../derive/mapping/mapping.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  setGroups,
} from "../../fixes/access-entry-actions.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantFixes } from "../../fixes/grant-fixes.ts";

export const eksAccessEntryWithoutRights = defineLegacyRule({
  code: "eks-access-entry-without-rights",
  stage: "mapping",
  causes: ["E5"],
  expects: "the caller's access entry has a policy or a group",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { entry, by } = facts.mapping;
    if (by !== "entry" || entry === undefined || !fits(facts)) return [];
    if (entry.type !== undefined && entry.type !== "STANDARD") return [];
    const policies = associatedWith(facts.evidence, entry);
    if (policies?.length !== 0 || entry.kubernetesGroups?.length !== 0) return [];
    const target = commandTarget(facts);
    return [
      {
        cause: "E5",
        stage: "mapping",
        severity: "error",
        confidence: hasContextForCertainty(facts) && isBindingKnown(facts) ? "certain" : "likely",
        summary: `The access entry of ${entry.principalArn} in ${target.cluster} lets in and grants nothing: it has no policy and no group.`,
        evidence: [
          ...(facts.symptom?.kind === "forbidden"
            ? [`The refusal names the user "${facts.symptom.user}".`]
            : []),
          "ListAssociatedAccessPolicies gives none.",
          "kubernetesGroups is empty.",
        ],
        falsifiedBy: "Some RBAC binding names this very user, and the call it allows succeeds.",
        fixes: [
          ...(facts.attempt === undefined ? [view(facts, entry)] : grantFixes(facts, facts.attempt)),
          {
            audience: "cluster-admin",
            description: "Or put the entry into a group that RBAC binds.",
            actions: [setGroups(target, entry.principalArn, ["GROUP"])],
          },
        ],
        explains: ["R1"],
      },
    ];
  },
});

function view(facts: Facts, entry: AccessEntryJson): Fix {
  const target = commandTarget(facts);
  const policyArn = accessPolicyArn(target, "AmazonEKSViewPolicy");
  return {
    audience: "cluster-admin",
    description: "Associate a policy; AmazonEKSViewPolicy is the least.",
    actions: [associatePolicy(target, entry.principalArn, { policyArn, accessScope: CLUSTER_SCOPE })],
  };
}

/** A binding may name the user, or a group by mistake (R2, R3): only RBAC itself shows that there is none. */
function isBindingKnown({ evidence }: Facts): boolean {
  return knownValue(evidence.rbac) !== undefined;
}

/** The identity is accepted as the entry's user, and no binding names that user alone. */
function fits({ symptom, mapping, principal, authorization, evidence }: Facts): boolean {
  if (symptom !== undefined && symptom.kind !== "forbidden") return false;
  if (mapping?.entry === undefined || principal === undefined) return false;
  const expected = entryUsername(mapping.entry, principal);
  const named = symptom?.user || knownValue(evidence.selfSubjectReview)?.status.userInfo.username;
  const isOther = expected !== undefined && named !== undefined && named !== expected;
  return !isOther && (authorization?.bindings?.length ?? 0) === 0 && authorization?.decision !== "allowed";
}
