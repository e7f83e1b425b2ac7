import type { Facts } from "../facts/facts.ts";
import { rulesAllow } from "../facts/rbac-rule.ts";
import type { Mend } from "../rule.ts";
import { BUILT_IN_ROLES } from "./built-in-roles.ts";
import { roleMend } from "./grant-mends.ts";
import { groupMend, groupsToBind } from "./group-mend.ts";
import { createBinding, type NewBinding } from "./rbac-commands.ts";
import type { RowedRefusal } from "./refusal-row.ts";

const ADMINISTRATOR = "an administrator of the cluster";

/**
 * Binds the caller, for the attempt's namespace: to the role of the binding that misses them, else to the smallest built-in
 * role that has the right, else to a role of its own.
 */
export function bindingMends(facts: Facts, { attempt, authorization: { nearMiss } }: RowedRefusal): Mend[] {
  const role = nearMiss?.role ?? builtInRole(attempt);
  if (role === undefined) return [roleMend(facts, attempt)];
  const namespace = nearMiss === undefined ? attempt.namespace : nearMiss.verdict.namespace;
  const name = bindingName(role.name);
  if (nearMiss !== undefined && ["kind", "oidc-prefix", "spelling"].includes(nearMiss.miss)) {
    return [bindMend({ name, role, subject: nearMiss.meant, namespace })];
  }
  const { group, isNew } = groupsToBind(facts, groupName(facts));
  const own = nearMiss === undefined ? ownGroup(facts) : undefined;
  const subject = { kind: "Group", name: own ?? group } as const;
  const member = isNew && own === undefined ? [groupMend(facts, [group])] : [];
  return [bindMend({ name, role, subject, namespace }), ...member];
}

/** A binding with the right subject; the old one stays. */
export function bindMend(binding: NewBinding): Mend {
  const { role, subject, namespace } = binding;
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  return {
    by: ADMINISTRATOR,
    does: `Give ${role.kind} ${role.name} to ${subject.kind} ${subject.name} ${where}.`,
    commands: [createBinding(binding)],
  };
}

/** A name that no existing binding is likely to have. */
export function bindingName(role: string): string {
  return `vouch-${role.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`;
}

/** The smallest of the roles that every cluster has; not cluster-admin. */
function builtInRole(attempt: RowedRefusal["attempt"]): NewBinding["role"] | undefined {
  const name = ["view", "edit", "admin"].find((role) => rulesAllow(BUILT_IN_ROLES[role] ?? [], attempt));
  return name === undefined ? undefined : { kind: "ClusterRole", name };
}

/** A group of the caller that can be bound as it stands. */
function ownGroup({ authorization }: Facts): string | undefined {
  return authorization?.groups?.find((group) => !group.startsWith("system:"));
}

function groupName({ principal }: Facts): string {
  return principal === undefined ? "vouch-users" : `vouch-${principal.name.toLowerCase()}`;
}
