import { policyName, policyRules } from "../derive/authorization/access-policies.ts";
import { associatedWith, type PolicyVerdict } from "../derive/authorization/authorization.ts";
import { rulesAllow } from "../derive/authorization/rbac-rule.ts";
import { serviceAccountOf } from "../derive/authorization/service-account.ts";
import type { Facts } from "../derive/facts.ts";
import type { AccessRequest } from "../evidence/evidence.ts";
import { accessPolicyArn, associatePolicy, CLUSTER_SCOPE, listPolicies } from "./access-entry-actions.ts";
import { documentOf, type Fix, forClusterAdmin } from "./fix.ts";
import { entryArn, groupFix, groupsToBind } from "./group-fix.ts";
import { kubectl } from "./kubectl.ts";
import { RBAC } from "./manifests.ts";
import { grantManifest, grantName } from "./rbac-actions.ts";

/** From least to most. ClusterAdmin and AdminView are absent: too much for one missing right, secrets and all. */
const BY_SIZE = [
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSAdminPolicy",
];

/**
 * How an attempt can be granted: by the smallest access policy that has it, over the complete scope; where none has it, or
 * no entry maps the caller, by a role of its own.
 */
export function grantFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  const name = smallestPolicy(attempt);
  return name !== undefined && facts.mapping?.by === "entry"
    ? [policyFix(facts, attempt, name)]
    : [roleFix(facts, attempt)];
}

/** The smallest access policy that grants an attempt, wherever its scope is; undefined when only RBAC can. */
function smallestPolicy(attempt: AccessRequest): string | undefined {
  if (attempt.group === RBAC && !["get", "list", "watch"].includes(attempt.verb)) return undefined;
  return BY_SIZE.find((name) => rulesAllow(policyRules(name) ?? [], attempt));
}

/**
 * Associates a policy with all namespaces it has, and the new one: what is left out would be lost.
 * Source: doctor/EKS-ACCESS.md, "Access scope".
 */
export function policyFix(facts: Facts, { namespace }: Pick<AccessRequest, "namespace">, name: string): Fix {
  const { target } = facts;
  const scope =
    namespace === undefined
      ? CLUSTER_SCOPE
      : { type: "namespace", namespaces: wholeScope(facts, name, namespace) };
  const isPartUnknown = scope.namespaces?.includes(EXISTING) === true;
  const where =
    scope.namespaces === undefined ? "the whole cluster" : `namespaces ${scope.namespaces.join(", ")}`;
  return forClusterAdmin(
    `Associate ${name} with ${where}; the scope given replaces the old one.`,
    ...(isPartUnknown ? [listPolicies(target, entryArn(facts))] : []),
    associatePolicy(target, entryArn(facts), {
      policyArn: accessPolicyArn(target, name),
      accessScope: scope,
    }),
  );
}

/** A role and its binding, and the group that makes the caller their subject. */
export function roleFix(facts: Facts, attempt: AccessRequest): Fix {
  const name = grantName(attempt);
  const apply = kubectl("apply", { f: `${name}.yaml` });
  const account = serviceAccountOf(facts.authorization?.username);
  if (account !== undefined)
    return forClusterAdmin(
      `Grant it by RBAC: save the manifest as ${name}.yaml, and apply it.`,
      apply,
      documentOf(grantManifest(attempt, account)),
    );
  const { group, isNew } = groupsToBind(facts, name);
  const member = isNew ? groupFix(facts, [group]) : undefined;
  return forClusterAdmin(
    `Grant it by RBAC: save the manifest as ${name}.yaml, apply it${isNew ? `, and put the group ${group} on the caller's mapping` : `; the caller is in the group ${group} already`}.`,
    apply,
    ...(member?.actions ?? []),
    documentOf(grantManifest(attempt, { kind: "Group", name: group })),
  );
}

/** Stands for the namespaces that the policy has already. */
const EXISTING = "EXISTING_NAMESPACES";

function wholeScope({ evidence, mapping }: Facts, name: string, namespace: string): readonly string[] {
  const associated = mapping?.entry && associatedWith(evidence, mapping.entry);
  if (associated === undefined) return [EXISTING, namespace];
  const present = associated.filter(({ policyArn }) => policyName(policyArn) === name);
  const namespaces = present.flatMap(({ accessScope }) => accessScope.namespaces ?? []);
  return [...new Set([...namespaces, namespace])];
}

/** `AmazonEKSViewPolicy on namespaces web, team-*` */
export function sayPolicy({ name, scope }: PolicyVerdict): string {
  if (scope === "cluster") return `${name} on the whole cluster`;
  return scope.length === 0 ? `${name} on no namespace` : `${name} on namespaces ${scope.join(", ")}`;
}
