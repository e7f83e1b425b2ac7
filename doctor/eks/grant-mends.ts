import type { Attempt } from "../evidence.ts";
import { associatedWith, type PolicyVerdict } from "../facts/authorization.ts";
import { targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { rulesAllow } from "../facts/rbac-rule.ts";
import type { Mend } from "../rule.ts";
import { policyName, policyRules } from "./access-policies.ts";
import { accessPolicyArn, associatePolicy, CLUSTER_SCOPE } from "./entry-commands.ts";
import { entryArn, groupMend, groupsToBind } from "./group-mend.ts";
import { grantManifest, grantName } from "./rbac-commands.ts";

/** From least to most. ClusterAdmin and AdminView are absent: too much for one missing right, secrets and all. */
const BY_SIZE = [
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSAdminPolicy",
];

const RBAC = "rbac.authorization.k8s.io";

/**
 * How an attempt can be granted: by the smallest access policy that has it, over the complete scope; where none has it, or
 * no entry maps the caller, by a role of its own.
 */
export function grantMends(facts: Facts, attempt: Attempt): Mend[] {
  const name = smallestPolicy(attempt);
  return name !== undefined && facts.mapping?.by === "entry"
    ? [policyMend(facts, attempt, name)]
    : [roleMend(facts, attempt)];
}

/** The smallest access policy that grants an attempt, wherever its scope is; undefined when only RBAC can. */
function smallestPolicy(attempt: Attempt): string | undefined {
  if (attempt.group === RBAC && !["get", "list", "watch"].includes(attempt.verb)) return undefined;
  return BY_SIZE.find((name) => rulesAllow(policyRules(name) ?? [], attempt));
}

/** Associates a policy with all namespaces it has, and the new one: what is left out would be lost. Source: eks-auth, B3. */
export function policyMend(facts: Facts, { namespace }: Pick<Attempt, "namespace">, name: string): Mend {
  const target = targetOf(facts);
  const scope =
    namespace === undefined
      ? CLUSTER_SCOPE
      : { type: "namespace", namespaces: wholeScope(facts, name, namespace) };
  const where =
    scope.namespaces === undefined ? "the whole cluster" : `namespaces ${scope.namespaces.join(", ")}`;
  return {
    by: "an administrator of the cluster",
    does: `Associate ${name} with ${where}; the scope given replaces the old one.`,
    commands: [
      associatePolicy(target, entryArn(facts), {
        policyArn: accessPolicyArn(target, name),
        accessScope: scope,
      }),
    ],
  };
}

/** A role and its binding, and the group that makes the caller their subject. */
export function roleMend(facts: Facts, attempt: Attempt): Mend {
  const name = grantName(attempt);
  const { group, isNew } = groupsToBind(facts, name);
  const apply = ["kubectl", "apply", "-f", `${name}.yaml`];
  const member = isNew ? groupMend(facts, [group]) : undefined;
  return {
    by: "an administrator of the cluster",
    does: `Grant it by RBAC: save the manifest as ${name}.yaml, apply it${isNew ? `, and put the group ${group} on the caller's mapping` : `; the caller is in the group ${group} already`}.`,
    text: grantManifest(attempt, group),
    commands: [apply, ...(member?.commands ?? [])],
  };
}

function wholeScope({ evidence, mapping }: Facts, name: string, namespace: string): readonly string[] {
  const associated = mapping?.entry && associatedWith(evidence, mapping.entry);
  if (associated === undefined) return ["EXISTING_NAMESPACES", namespace];
  const present = associated.filter(({ policyArn }) => policyName(policyArn) === name);
  const namespaces = present.flatMap(({ accessScope }) => accessScope.namespaces ?? []);
  return [...new Set([...namespaces, namespace])];
}

/** `AmazonEKSViewPolicy on namespaces web, team-*` */
export function sayPolicy({ name, scope }: PolicyVerdict): string {
  if (scope === "cluster") return `${name} on the whole cluster`;
  return scope.length === 0 ? `${name} on no namespace` : `${name} on namespaces ${scope.join(", ")}`;
}
