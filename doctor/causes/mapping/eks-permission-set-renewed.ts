import { aws, type Run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { NearMiss } from "../../eks/mapping/access-entry.ts";
import { permissionSetRole } from "../../eks/principal/permission-set.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { associatePolicy, createEntry, deleteEntry } from "../../fixes/access-entry-actions.ts";
import { type Action, forClusterAdmin } from "../../fixes/fix.ts";
import { meantGrant } from "../../fixes/grant-fixes.ts";
import { formatLine, lineFix } from "../shared/aws-auth-line-rule.ts";
import { describeCaller } from "../shared/caller-words.ts";
import { READS_NO_ENTRIES } from "../shared/not-applicable.ts";

/**
 * IAM Identity Center recreated the permission set's role with a different hash in its name; the entry, or the mapping in
 * aws-auth, still has the old one.
 */
export const eksPermissionSetRenewed = defineRule({
  cause: {
    id: "E4",
    what: "Identity Center recreated the permission set's role under a different name.",
    seen: "401 for all users of one permission set",
    remedy:
      "Cluster admin: create an access entry for the new Identity Center role, then delete the old one.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "the access entry or aws-auth mapping of a permission set has the current name of its role",
  needs: ["authFailureConfidence", "principal", "mapping"],
  check({ authFailureConfidence: confidence, principal, mapping }, seen) {
    const set = permissionSetRole(principal.name)?.set;
    if (set === undefined) return doesNotApply("the caller's role does not belong to a permission set");
    if (mapping.entry !== undefined) return passed;
    const readsEntries = seen.authenticationMode !== "CONFIG_MAP";
    const old = readsEntries ? oldNameIn(mapping.nearMisses) : undefined;
    if (old === undefined) return oldLine(seen, set) ?? (readsEntries ? passed : READS_NO_ENTRIES);
    const { by } = mapping;
    if (by === "aws-auth") return doesNotApply("aws-auth maps the caller");
    if (by === "unknown" && seen.symptom?.kind !== "unauthorized") return cannotTell("awsAuth");
    return found({
      confidence: by === "nobody" ? confidence : minConfidence(confidence, "likely"),
      explains: ["E1", "A1"],
      describe: (facts) => ({
        summary: `Permission set ${set} has a new role, ${principal.name}, but cluster ${facts.target.cluster} has an access entry only for the old one.`,
        evidence: [
          describeCaller(facts, principal.arn),
          `The cluster has an access entry for ${old}: the same permission set with a different hash.`,
        ],
        falsifiedBy: sentence`${getOldRole(old)} still returns the old role, and the list has an access entry for the new one.`,
        fixes: [
          forClusterAdmin(
            "Create an access entry for the new role with the permissions of the old one.",
            ...entryActions(facts, principal.name, old),
          ),
          forClusterAdmin("Then delete the old access entry.", deleteEntry(facts.target, old)),
        ],
      }),
    });
  },
  suspected: {
    unauthorized: {
      causes: ["E4"],
      suspicion: ({ principal, target }) => {
        const role = principal && permissionSetRole(principal.name);
        if (role === undefined) return undefined;
        return {
          hinted: false,
          summary: `The access entry is for an earlier role of permission set ${role.set}: Identity Center renames the role when it reprovisions the set.`,
          hints: [`The current role name ends in ${role.hash}.`],
          audience: "cluster-admin",
          confirmedBy: sentence`${aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region })} shows AWSReservedSSO_${role.set} with a different ending.`,
        };
      },
    },
  },
});

function oldNameIn(similar: readonly NearMiss[]): string | undefined {
  return similar.find(({ differs }) => differs === "permission-set")?.principalArn;
}

function getOldRole(arn: string): Run {
  return aws("iam get-role", { "role-name": arn.split("/").at(-1) });
}

/** A mapping in aws-auth for the permission set's old role, if none exists for the new one. */
function oldLine(seen: Facts, set: string): Verdict | undefined {
  const { awsAuthView: view, mapping, principal } = seen;
  const old = oldNameIn(mapping?.awsAuthNearMisses ?? []);
  const line = view?.entries.findLast(({ arn }) => arn === old);
  if (view?.unmapped === undefined || principal === undefined || line === undefined) return undefined;
  return found({
    confidence: view.unmapped,
    explains: ["E1", "A1", "M1"],
    describe: (facts) => ({
      summary: `Permission set ${set} has a new role, ${principal.name}, but aws-auth maps only the old one.`,
      evidence: [
        describeCaller(facts, principal.arn),
        `aws-auth has ${formatLine(line)}: the same permission set with a different hash.`,
      ],
      falsifiedBy: sentence`${getOldRole(line.arn)} still returns the old role, and aws-auth maps the new one.`,
      fixes: [
        lineFix(view, [{ ...line, right: { arn: principal.canonicalArn } }], "Use the ARN of the new role."),
      ],
    }),
  });
}

function entryActions(facts: Facts, name: string, oldArn: string): Action[] {
  const { target, evidence } = facts;
  const newArn = `${oldArn.slice(0, oldArn.lastIndexOf("/") + 1)}${name}`;
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const old = details.find(({ accessEntry }) => accessEntry.principalArn === oldArn)?.accessEntry;
  const groups = old?.kubernetesGroups;
  const policies = associatedWith(evidence, { principalArn: oldArn });
  const meant = policies === undefined ? meantGrant(facts, newArn) : undefined;
  return [
    createEntry(target, newArn, { kubernetesGroups: [...(groups ?? []), ...(meant?.groups ?? [])] }),
    ...(policies?.map((policy) => associatePolicy(target, newArn, policy)) ?? meant?.actions ?? []),
  ];
}
