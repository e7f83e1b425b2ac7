import {
  type AttemptCase,
  attemptMeant,
  namespaceMeant,
} from "../derive/authorization/attempt-of-command.ts";
import type { Facts } from "../derive/facts.ts";
import type { Principal } from "../eks/principal/principal.ts";
import { smallestBuiltInRole } from "../eks/rbac/built-in-roles.ts";
import type { Action } from "./fix.ts";
import { createBinding, createNamespace, createRole, freeBindingName, grantName } from "./rbac-actions.ts";

/** A new group, and the role that is bound to it. */
export interface OwnGroup {
  readonly group: string;
  /** `group vouch-dev, bound to ClusterRole view in namespace web` */
  readonly says: string;
  readonly actions: readonly Action[];
}

/** Bound where the attempt was made, to the smallest built-in role that allows the attempt, otherwise to a role of its own. */
export function ownGroup(
  facts: AttemptCase & Pick<Facts, "evidence">,
  principal: Pick<Principal, "name"> | undefined,
): OwnGroup {
  const attempt = attemptMeant(facts);
  const group = principal === undefined ? "vouch-users" : `vouch-${principal.name.toLowerCase()}`;
  const namespace = attempt === undefined ? namespaceMeant(facts) : attempt.namespace;
  const builtIn = attempt === undefined ? "view" : smallestBuiltInRole(attempt);
  const isOwnRole = attempt !== undefined && builtIn === undefined;
  const role = {
    kind: isOwnRole && namespace !== undefined ? "Role" : "ClusterRole",
    name: isOwnRole ? grantName(attempt) : (builtIn ?? "view"),
  };
  const name = freeBindingName(facts.evidence, group.replaceAll(/[^a-z0-9.-]/g, "-"), namespace);
  return {
    group,
    says: `group ${group}, bound to ${role.kind} ${role.name} ${namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`}`,
    actions: [
      ...createNamespace(facts.evidence, namespace),
      ...(isOwnRole ? [createRole(role.name, attempt, namespace)] : []),
      createBinding({ name, role, subject: { kind: "Group", name: group }, namespace }),
    ],
  };
}
