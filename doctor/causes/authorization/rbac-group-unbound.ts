import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type ClassifiedDenial, unboundGroups } from "../../derive/authorization/denial.ts";
import type { Facts } from "../../derive/facts.ts";
import { serviceAccountOf } from "../../eks/rbac/service-account.ts";
import { setGroups } from "../../fixes/access-entry-actions.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { anotherWay, type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { defineDenialRule, describeBinding } from "../shared/denial-rule.ts";
import { BINDINGS, suspectedDenial } from "../shared/suspected.ts";

export const rbacGroupUnbound = defineDenialRule({
  cause: {
    id: "R1",
    what: "No binding refers to any of the caller's groups, or only with a different spelling.",
    seen: "403",
    remedy: "Cluster admin: bind a role to a group of the caller, spelled exactly as in the mapping.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
  },
  expects: "a binding refers to one of the caller's groups with exactly the same spelling",
  confidence: ({ authorization }) => (authorization.nearMiss === undefined ? "certain" : "likely"),
  explains: ["R7"],
  describe: (denial, facts) => {
    const { nearMiss } = denial.authorization;
    const groups = unboundGroups(facts);
    const corrected = correctedGroup(facts, denial);
    const granted = bindingFixes(facts, denial);
    const fixes = corrected.length === 0 ? granted : [...corrected, ...anotherWay(granted)];
    return nearMiss === undefined
      ? {
          summary: `No binding refers to ${callerNames(denial, groups)}.`,
          evidence: ["The caller does not have an access policy, either."],
          fixes,
        }
      : {
          summary: `The caller's group is ${nearMiss.meant.name}, but ${nearMiss.verdict.binding} refers to ${nearMiss.subject.name}.`,
          evidence: [describeBinding(nearMiss.verdict), "Group names must match exactly."],
          fixes,
        };
  },
  suspected: {
    forbidden: suspectedDenial(["R1", "R4", "R5", "R6"], ({ groups, areGroupsKnown }) => {
      if (!areGroupsKnown)
        return {
          summary:
            "No binding grants the caller a role for this request: wrong group, wrong namespace, or a role that does not exist.",
          confirmedBy: sentence`${BINDINGS} shows the subjects and roles; ${kubectl("auth whoami")} shows the groups.`,
        };
      if (groups.length === 0) return undefined;
      return {
        summary: `No binding grants ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")} a role for this request: wrong name, wrong namespace, or a role that does not exist.`,
        hints: [
          `Kubernetes reports that you are in ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}.`,
        ],
        confirmedBy: sentence`${BINDINGS} shows the subjects and roles.`,
      };
    }),
  },
});

function callerNames({ authorization }: ClassifiedDenial, groups: readonly string[]): string {
  const { username } = authorization;
  const account = serviceAccountOf(username);
  if (account !== undefined)
    return `service account ${account.name} in namespace ${account.namespace} or any of its groups`;
  return groups.length === 0
    ? `user ${JSON.stringify(username)}, who is not in any group`
    : `the caller's ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}`;
}

/** The entry's list of groups, with the misspelled one corrected to the name in the binding. */
function correctedGroup(facts: Facts, { authorization: { nearMiss } }: ClassifiedDenial): Fix[] {
  const { entry, by } = facts.mapping ?? {};
  if (nearMiss === undefined || entry?.kubernetesGroups === undefined || by !== "entry") return [];
  const corrected = entry.kubernetesGroups.map((group) =>
    group === nearMiss.meant.name ? nearMiss.subject.name : group,
  );
  return [
    forClusterAdmin(
      `Change the group in the access entry to match the binding: ${nearMiss.subject.name}.`,
      ...setGroups(facts.target, entry, corrected),
    ),
  ];
}
