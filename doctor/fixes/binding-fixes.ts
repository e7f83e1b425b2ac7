import { smallestBuiltInRole } from "../derive/authorization/built-in-roles.ts";
import type { ClassifiedDenial } from "../derive/authorization/classified-denial.ts";
import type { BindingVerdict } from "../derive/authorization/rbac.ts";
import { serviceAccountOf } from "../derive/authorization/service-account.ts";
import type { Facts } from "../derive/facts.ts";
import { type CreateBinding, type Fix, forClusterAdmin } from "./fix.ts";
import { roleFix } from "./grant-fixes.ts";
import { groupFix, groupsToBind } from "./group-fix.ts";
import { ownGroup } from "./own-group.ts";
import { createBinding } from "./rbac-actions.ts";

/**
 * Binds the caller, for the attempt's namespace: to the role of the binding that misses them, else to the smallest built-in
 * role that has the right, else to a role of its own.
 */
export function bindingFixes(
  facts: Facts,
  { attempt, authorization: { nearMiss } }: ClassifiedDenial,
): Fix[] {
  const role = nearMiss?.role ?? builtInRole(attempt);
  if (role === undefined) return [roleFix(facts, attempt)];
  const namespace = nearMiss === undefined ? attempt.namespace : nearMiss.verdict.namespace;
  const name = bindingName(role.name);
  if (nearMiss !== undefined && ["kind", "oidc-prefix", "spelling"].includes(nearMiss.miss)) {
    return [bindFix({ name, role, subject: nearMiss.meant, namespace })];
  }
  const account = serviceAccountOf(facts.authorization?.username);
  if (account !== undefined) return [bindFix({ name, role, subject: account, namespace })];
  const { group, isNew } = groupsToBind(facts, ownGroup(facts, facts.principal).group);
  const own = nearMiss === undefined ? groupOfCaller(facts) : undefined;
  const subject = { kind: "Group", name: own ?? group } as const;
  const member = isNew && own === undefined ? [groupFix(facts, [group])] : [];
  return [bindFix({ name, role, subject, namespace }), ...member];
}

/** A binding with the right subject; the old one stays. */
export function bindFix(binding: Omit<CreateBinding, "kind">): Fix {
  const { role, subject, namespace } = binding;
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  return forClusterAdmin(
    `Give ${role.kind} ${role.name} to ${subject.kind} ${subject.name} ${where}.`,
    createBinding(binding),
  );
}

/** The subject of a binding that is the caller's, as a command can bind it. */
export function bindableSubject(
  { subject }: BindingVerdict,
  username: string | undefined,
): CreateBinding["subject"] | undefined {
  const [kind, ...name] = subject.split(" ");
  if (kind === "ServiceAccount") return serviceAccountOf(username);
  return kind === "User" || kind === "Group" ? { kind, name: name.join(" ") } : undefined;
}

/** A name that no existing binding is likely to have. */
export function bindingName(role: string): string {
  return `vouch-${role.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`;
}

function builtInRole(attempt: ClassifiedDenial["attempt"]): CreateBinding["role"] | undefined {
  const name = smallestBuiltInRole(attempt);
  return name === undefined ? undefined : { kind: "ClusterRole", name };
}

/** A group of the caller that can be bound as it stands. */
function groupOfCaller({ authorization }: Facts): string | undefined {
  return authorization?.groups?.find((group) => !group.startsWith("system:"));
}
