import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isInstanceSession } from "../../derive/identity/username-template.ts";
import { authFailureConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
  deleteEntry,
} from "../../fixes/access-entry-actions.ts";

/** A person's role has an entry for nodes. The type of an entry cannot be changed. */
export const eksAccessEntryType = defineLegacyRule({
  code: "eks-access-entry-type",
  stage: "mapping",
  causes: ["E6"],
  expects: "a person's access entry is of type STANDARD",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { entry, by } = facts.mapping;
    const { type } = entry ?? {};
    const confidence = sureness(facts);
    const isPerson = !isInstanceSession(facts.principal);
    if (by !== "entry" || entry === undefined || type === undefined || type === "STANDARD") return [];
    if (!isPerson || confidence === undefined) return [];
    const target = commandTarget(facts);
    const view = { policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"), accessScope: CLUSTER_SCOPE };
    return [
      {
        cause: "E6",
        stage: "mapping",
        severity: "error",
        confidence,
        summary: `The access entry of ${entry.principalArn} in ${target.cluster} is of type ${type}, for nodes, and a person uses it.`,
        evidence: [
          `DescribeAccessEntry says type ${type}, username ${entry.username ?? "not known"}.`,
          `AWS says that the caller is ${facts.principal.arn}, which is no instance.`,
          ...(facts.symptom?.kind === "forbidden"
            ? [`The refusal names the user "${facts.symptom.user}".`]
            : []),
        ],
        falsifiedBy: "DescribeAccessEntry says type STANDARD.",
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "If no node uses this role: delete the entry, and make one of type STANDARD. If nodes do: give the person a role of their own.",
            actions: [
              deleteEntry(target, entry.principalArn),
              createEntry(target, entry.principalArn, { type: "STANDARD" }),
              associatePolicy(target, entry.principalArn, view),
            ],
          },
        ],
        explains: ["L8", "A12"],
      },
    ];
  },
});

/** Such an entry refuses a person (401), or lets them in as a node. */
function sureness(facts: Facts): Confidence | undefined {
  const { symptom } = facts;
  if (symptom?.kind !== "forbidden") return authFailureConfidence(facts);
  return /^system:node:/.test(symptom.user) ? "certain" : undefined;
}
