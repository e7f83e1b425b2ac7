import { selects } from "../../../../doctor/eks/rbac/rbac-index.ts";
import type { PolicyRule, RbacRole } from "../../model.ts";

type RulesByRole = ReadonlyMap<RbacRole, readonly PolicyRule[]>;

/**
 * The rules of all roles, as the cluster's controller leaves them: it goes over the ClusterRoles that are aggregated until
 * nothing changes, or for ever where several in a circle have rules of their own.
 *
 * Source: kubernetes/kubernetes, pkg/controller/clusterroleaggregation; measured with kube-apiserver 1.36.3.
 */
export function rulesByRole(roles: readonly RbacRole[]): RulesByRole {
  const rules = new Map<RbacRole, readonly PolicyRule[]>(roles.map((role) => [role, role.rules]));
  const clusterRoles = roles
    .filter(({ namespace }) => namespace === undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const sync = (role: RbacRole): boolean => {
    const collected = collect(role, clusterRoles, rules);
    // An empty list is not written over what somebody else wrote.
    if (collected.length === 0 || isSame(collected, rules.get(role) ?? [])) return false;
    rules.set(role, collected);
    return true;
  };
  for (const _round of clusterRoles) if (!clusterRoles.map(sync).includes(true)) break;
  return rules;
}

function collect(role: RbacRole, clusterRoles: readonly RbacRole[], rules: RulesByRole): PolicyRule[] {
  const collected = (role.aggregates ?? []).flatMap((selector) =>
    clusterRoles
      .filter((other) => other !== role && selects(selector, other.labels ?? {}))
      .flatMap((other) => rules.get(other) ?? []),
  );
  return [...new Set(collected)];
}

/** In whatever order: where roles take in each other, that turns round for ever. */
function isSame(one: readonly PolicyRule[], other: readonly PolicyRule[]): boolean {
  return one.length === other.length && one.every((rule) => other.includes(rule));
}
