import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../../fixes/access-entry-actions.ts";
import type { Fix } from "../../fixes/fix.ts";

/** Source: doctor/EKS-ACCESS.md, "Access entries". */
const RESERVED =
  /The kubernetes group name (\S+) is invalid, it cannot start with (\S+)|The username must not begin with (\S+)/;

export const eksAccessEntryNameReserved = defineLegacyRule({
  code: "eks-access-entry-name-reserved",
  stage: "mapping",
  causes: ["E8"],
  expects: "groups and username of an access entry do not begin with a reserved word",
  needs: ["symptom"],
  judge(facts) {
    const call = eksCall(facts);
    const [said, group, ofGroup, ofUser] = RESERVED.exec(call?.words ?? "") ?? [];
    if (said === undefined) return [];
    const prefix = (ofGroup ?? ofUser ?? "").replace(/\.$/, "");
    const what = group === undefined ? "no username" : `not the group ${group}`;
    return [
      {
        cause: "E8",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        summary: `An access entry takes ${what}: names that begin with ${prefix} are reserved${group === "system:masters" ? ", and administrators get a policy instead" : ""}.`,
        evidence: [`EKS says “${said}”.`],
        falsifiedBy: "The same request without that name is refused in the same words.",
        fixes: [group === undefined ? otherUsername(facts) : policyInstead(facts, group, call?.groups ?? [])],
        explains: ["E1", "M1", "M2"],
      },
    ];
  },
});

function policyInstead(facts: Facts, group: string, groups: readonly string[]): Fix {
  const target = commandTarget(facts);
  const who = eksCall(facts)?.principalArn ?? "PRINCIPAL_ARN";
  const kept = groups.filter((name) => !name.startsWith("system:"));
  const isMasters = group === "system:masters";
  const policyArn = accessPolicyArn(
    target,
    isMasters ? "AmazonEKSClusterAdminPolicy" : "AmazonEKSViewPolicy",
  );
  return {
    audience: "cluster-admin",
    description: isMasters
      ? "Make the entry without the group, and associate the policy that means the same."
      : "Make the entry without the group, and associate the policy that fits, or name a group of your own.",
    actions: [
      createEntry(target, who, { kubernetesGroups: kept }),
      associatePolicy(target, who, { policyArn, accessScope: CLUSTER_SCOPE }),
    ],
  };
}

function otherUsername(facts: Facts): Fix {
  const who = eksCall(facts)?.principalArn ?? "PRINCIPAL_ARN";
  return {
    audience: "cluster-admin",
    description: "Leave the username out: EKS then takes the caller's ARN with the session's name.",
    actions: [createEntry(commandTarget(facts), who)],
  };
}
