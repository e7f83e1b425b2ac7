import type { Cluster, PolicyRule, RbacBinding, RbacRole, RbacSubject } from "../../model.ts";
import type { KubeUser } from "../authentication/kube-identity.ts";
import { type Attributes, type Decision, isPath } from "./attributes.ts";
import { rulesByRole } from "./role-aggregation.ts";
import { ruleAllows } from "./rule-match.ts";

type Policy = Pick<Cluster, "roles" | "bindings">;

/** A rule that somebody has, and through which binding. */
interface HeldRule {
  readonly rule: PolicyRule;
  /** `RoleBinding "devs-view/x" of ClusterRole "view" to Group "devs"` */
  readonly source: string;
}

/** Asks RBAC. A refusal's reason names bindings whose role does not exist. */
export function askRbac(policy: Policy, user: KubeUser, asked: Attributes): Decision {
  const { rules, errors } = rulesFor(policy, user, isPath(asked) ? "" : asked.namespace);
  const held = rules.find(({ rule }) => ruleAllows(rule, asked));
  if (held !== undefined) return { allowed: true, reason: `RBAC: allowed by ${held.source}` };
  return { allowed: false, reason: errors.length === 0 ? "" : `RBAC: ${aggregate(errors)}` };
}

/** Everything RBAC gives this user in a namespace (empty: cluster-wide). */
export function rulesFor(
  policy: Policy,
  user: KubeUser,
  namespace: string,
): { rules: HeldRule[]; errors: string[] } {
  const rules: HeldRule[] = [];
  const errors: string[] = [];
  const written = rulesByRole(policy.roles);
  const inOrder = [
    ...policy.bindings.filter((binding) => binding.namespace === undefined),
    ...policy.bindings.filter((binding) => namespace !== "" && binding.namespace === namespace),
  ];
  for (const binding of inOrder) {
    const subject = binding.subjects.find((candidate) => isSubject(user, candidate, binding.namespace));
    if (subject === undefined) continue;
    const role = referredRole(policy, binding);
    if (role === undefined) errors.push(roleMissing(binding.roleRef));
    else
      rules.push(...(written.get(role) ?? []).map((rule) => ({ rule, source: describe(binding, subject) })));
  }
  return { rules, errors };
}

/** The rules a binding would give; undefined when its role does not exist. */
export function rulesOfBinding(policy: Policy, binding: RbacBinding): readonly PolicyRule[] | undefined {
  const role = referredRole(policy, binding);
  return role && rulesByRole(policy.roles).get(role);
}

function referredRole(
  { roles }: Policy,
  { roleRef: { kind, name }, namespace }: RbacBinding,
): RbacRole | undefined {
  return roles
    .filter((role) => role.name === name)
    .find((role) =>
      kind === "ClusterRole"
        ? role.namespace === undefined
        : role.namespace !== undefined && role.namespace === namespace,
    );
}

export function roleMissing({ kind, name }: RbacBinding["roleRef"]): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;
}

function isSubject(user: KubeUser, subject: RbacSubject, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case "User":
      return user.username === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const home = subject.namespace || namespace;
      return home !== undefined && user.username === `system:serviceaccount:${home}:${subject.name}`;
    }
  }
}

function describe({ name, namespace, roleRef }: RbacBinding, subject: RbacSubject): string {
  const quote = JSON.stringify;
  const binding =
    namespace === undefined
      ? `ClusterRoleBinding ${quote(name)}`
      : `RoleBinding ${quote(`${name}/${namespace}`)}`;
  const home = subject.kind === "ServiceAccount" ? `/${subject.namespace || (namespace ?? "")}` : "";
  return `${binding} of ${roleRef.kind} ${quote(roleRef.name)} to ${subject.kind} ${quote(subject.name + home)}`;
}

/** Several errors as Go prints them. */
function aggregate(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}
