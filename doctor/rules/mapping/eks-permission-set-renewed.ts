import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { permissionSetRole } from "../../derive/identity/permission-set.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { knownValue } from "../../evidence/evidence.ts";
import {
  associateClusterWide,
  associatePolicy,
  createEntry,
  deleteEntry,
} from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import { type Action, forClusterAdmin } from "../../fixes/fix.ts";
import { READS_NO_ENTRIES } from "../shared/not-applicable.ts";
import { sayCaller } from "../shared/say-caller.ts";

/** IAM Identity Center recreated the permission set's role, under a name with another hash; the entry has the old one. */
export const eksPermissionSetRenewed = defineRule({
  causes: ["E4"],
  expects: "the access entry of a permission set has the name its role has today",
  needs: ["authFailureConfidence", "principal", "mapping"],
  reads: ["authenticationMode", "symptom"],
  check({ authFailureConfidence: confidence, principal, mapping }, seen) {
    const set = permissionSetRole(principal.name)?.set;
    if (set === undefined) return doesNotApply("the caller's role is not of a permission set");
    if (seen.authenticationMode === "CONFIG_MAP") return READS_NO_ENTRIES;
    if (mapping.entry !== undefined) return passed;
    const old = mapping.nearMisses.find(({ differs }) => differs === "permission-set")?.principalArn;
    if (old === undefined) return passed;
    const { by } = mapping;
    if (by === "aws-auth") return doesNotApply("aws-auth maps the caller");
    if (by === "unknown" && seen.symptom?.kind !== "unauthorized") return cannotTell("awsAuth");
    return found({
      confidence: by === "nobody" ? confidence : minConfidence(confidence, "likely"),
      explains: ["E1", "A1"],
      describe: (facts) => ({
        summary: `Permission set ${set} has a new role, ${principal.name}, and cluster ${facts.target.cluster} has an entry for the old one only.`,
        evidence: [
          sayCaller(facts, principal.arn),
          `There is an entry for ${old}: the same permission set, another hash.`,
        ],
        falsifiedBy: sentence`${aws("iam get-role", { "role-name": old.split("/").at(-1) })} still finds the old role, and the list has an entry for the new one.`,
        fixes: [
          forClusterAdmin(
            "Create an entry for the new role with the rights of the old one, then delete the old one.",
            ...entryActions(facts, principal.name, old),
          ),
        ],
      }),
    });
  },
});

function entryActions({ target, evidence }: Facts, name: string, oldArn: string): Action[] {
  const newArn = `${oldArn.slice(0, oldArn.lastIndexOf("/") + 1)}${name}`;
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const old = details.find(({ accessEntry }) => accessEntry.principalArn === oldArn)?.accessEntry;
  const groups = old?.kubernetesGroups;
  const policies = associatedWith(evidence, { principalArn: oldArn });
  return [
    createEntry(target, newArn, groups === undefined ? {} : { kubernetesGroups: groups }),
    ...(policies?.map((policy) => associatePolicy(target, newArn, policy)) ?? [
      associateClusterWide(target, newArn, "AmazonEKSViewPolicy"),
    ]),
    deleteEntry(target, oldArn),
  ];
}
