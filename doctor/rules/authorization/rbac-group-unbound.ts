import { defineLegacyRule } from "../../check/legacy-rule.ts";
import {
  type ClassifiedDenial,
  classifyDenial,
  unboundGroups,
} from "../../derive/authorization/classified-denial.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { setGroups } from "../../fixes/access-entry-actions.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { entryArn } from "../../fixes/group-fix.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacGroupUnbound = defineLegacyRule({
  code: "rbac-group-unbound",
  stage: "authorization",
  causes: ["R1"],
  expects: "a binding names one of the caller's groups, letter by letter",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R1") return [];
    const groups = unboundGroups(facts);
    const { nearMiss } = refusal.authorization;
    return [
      denialFinding(refusal, {
        confidence: nearMiss === undefined ? "certain" : "likely",
        summary:
          nearMiss === undefined
            ? `No binding names the caller's ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}.`
            : `The caller's group is ${nearMiss.meant.name}, and ${nearMiss.verdict.binding} names ${nearMiss.subject.name}.`,
        evidence: nearMiss === undefined ? ["No access policy is associated either."] : [sayNear(refusal)],
        fixes: [...correctedGroup(facts, refusal), ...bindingFixes(facts, refusal)],
        explains: ["R7"],
      }),
    ];
  },
});

function sayNear({ authorization: { nearMiss } }: ClassifiedDenial): string {
  return `${nearMiss?.verdict.binding} gives ${nearMiss?.verdict.role} to Group ${nearMiss?.subject.name}; names are compared letter by letter.`;
}

/** The entry's list of groups with the misspelt one as the binding has it. */
function correctedGroup(facts: Facts, { authorization: { nearMiss } }: ClassifiedDenial): Fix[] {
  const groups = facts.mapping?.entry?.kubernetesGroups;
  if (nearMiss === undefined || groups === undefined || facts.mapping?.by !== "entry") return [];
  const corrected = groups.map((group) => (group === nearMiss.meant.name ? nearMiss.subject.name : group));
  return [
    {
      audience: "cluster-admin",
      description: `Write the group on the access entry as the binding has it: ${nearMiss.subject.name}.`,
      actions: [setGroups(commandTarget(facts), entryArn(facts), corrected)],
    },
  ];
}
