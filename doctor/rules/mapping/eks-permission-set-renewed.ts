import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { permissionSetRole } from "../../derive/identity/permission-set.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
  deleteEntry,
} from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Action } from "../../fixes/fix.ts";

/** IAM Identity Center made the permission set's role anew, under a name with another hash; the entry has the old one. */
export const eksPermissionSetRenewed = defineLegacyRule({
  code: "eks-permission-set-renewed",
  stage: "mapping",
  causes: ["E4"],
  expects: "the access entry of a permission set has the name its role has today",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal, authenticationMode, symptom } = facts;
    const confidence = authFailureConfidence(facts);
    const old = mapping.nearMisses.find(({ differs }) => differs === "permission-set");
    if (
      old === undefined ||
      confidence === undefined ||
      mapping.entry !== undefined ||
      authenticationMode === "CONFIG_MAP"
    )
      return [];
    if (mapping.by === "aws-auth" || (mapping.by === "unknown" && symptom?.kind !== "unauthorized"))
      return [];
    const { cluster } = commandTarget(facts);
    const { set } = permissionSetRole(principal.name) ?? {};
    return [
      {
        cause: "E4",
        stage: "mapping",
        severity: "error",
        confidence: minConfidence(confidence, mapping.by === "nobody" ? "certain" : "likely"),
        summary: `Permission set ${set} has a new role, ${principal.name}, and cluster ${cluster} has an entry for the old one only.`,
        evidence: [
          `AWS says that the caller is ${principal.arn}.`,
          `There is an entry for ${old.principalArn}: the same permission set, another hash.`,
        ],
        falsifiedBy: sentence`${aws("iam get-role", { "role-name": old.principalArn.split("/").at(-1) })} still finds the old role, and the list has an entry for the new one.`,
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "Make an entry for the new role with the rights of the old one, then delete the old one.",
            actions: entryActions(facts, principal, old.principalArn),
          },
        ],
        explains: ["E1", "A1"],
      },
    ];
  },
});

function entryActions(facts: Facts, principal: Principal, oldArn: string): Action[] {
  const target = commandTarget(facts);
  const newArn = `${oldArn.slice(0, oldArn.lastIndexOf("/") + 1)}${principal.name}`;
  const details = knownValue(facts.evidence.accessEntryDetails) ?? [];
  const groups = details.find(({ accessEntry }) => accessEntry.principalArn === oldArn)?.accessEntry
    .kubernetesGroups;
  const view = { policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"), accessScope: CLUSTER_SCOPE };
  const policies = associatedWith(facts.evidence, { principalArn: oldArn });
  return [
    createEntry(target, newArn, groups === undefined ? {} : { kubernetesGroups: groups }),
    ...(policies ?? [view]).map((policy) => associatePolicy(target, newArn, policy)),
    deleteEntry(target, oldArn),
  ];
}
