import type { Cluster, PolicyRule, RbacBinding, RbacRole, RbacSubject } from "../../model.ts";
import type { KubeUser } from "../authentication/kube-identity.ts";
import { type Attributes, type Decision, isPath } from "./attributes.ts";
import { DEFAULT_BINDINGS, DEFAULT_ROLES } from "./default-roles.ts";
import { ruleAllows } from "./rule-match.ts";

type Policy = Pick<Cluster, "roles" | "bindings">;

/** A rule somebody holds, and through what. */
interface HeldRule {
  readonly rule: PolicyRule;
  /** `RoleBinding "devs-view/x" of ClusterRole "view" to Group "devs"` */
  readonly source: string;
}

/** The cluster's roles and Kubernetes' own, which a role of the same name replaces. */
export function allRoles(policy: Policy): readonly RbacRole[] {
  return [...policy.roles, ...DEFAULT_ROLES.filter(({ name }) => !policy.roles.some(clusterWide(name)))];
}

/** The cluster's bindings and Kubernetes' own. */
export function allBindings(policy: Policy): readonly RbacBinding[] {
  return [
    ...policy.bindings,
    ...DEFAULT_BINDINGS.filter(({ name }) => !policy.bindings.some(clusterWide(name))),
  ];
}

/** Asks RBAC. A refusal's reason tells of bindings whose role does not exist. */
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
  const bindings = allBindings(policy);
  const inOrder = [
    ...bindings.filter((binding) => binding.namespace === undefined),
    ...bindings.filter((binding) => namespace !== "" && binding.namespace === namespace),
  ];
  for (const binding of inOrder) {
    const subject = binding.subjects.find((candidate) => isSubject(user, candidate, binding.namespace));
    if (subject === undefined) continue;
    const granted = rulesOfReference(policy, binding.roleRef, binding.namespace);
    if (granted === undefined) errors.push(roleMissing(binding.roleRef));
    else rules.push(...granted.map((rule) => ({ rule, source: describe(binding, subject) })));
  }
  return { rules, errors };
}

/** The rules a binding would give; undefined when its role does not exist. */
export function rulesOfReference(
  policy: Policy,
  { kind, name }: RbacBinding["roleRef"],
  namespace: string | undefined,
): PolicyRule[] | undefined {
  const home = kind === "Role" ? namespace : undefined;
  const role = allRoles(policy).find((candidate) => candidate.name === name && candidate.namespace === home);
  return role && rulesOf(policy, role);
}

/** A role's own rules, or those its aggregation collects, as the controller would have written them in. */
export function rulesOf(policy: Policy, role: RbacRole): PolicyRule[] {
  const selectors = role.aggregates;
  if (selectors === undefined) return role.rules;
  const chosen = allRoles(policy).filter(
    (candidate) =>
      candidate.namespace === undefined &&
      candidate.name !== role.name &&
      selectors.some((labels) => hasLabels(candidate, labels)),
  );
  return chosen.flatMap((candidate) => rulesOf(policy, candidate));
}

export function roleMissing({ kind, name }: RbacBinding["roleRef"]): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`;
}

function clusterWide(name: string): (object: { name: string; namespace?: string }) => boolean {
  return (object) => object.name === name && object.namespace === undefined;
}

function hasLabels({ labels = {} }: RbacRole, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function isSubject(user: KubeUser, subject: RbacSubject, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case "User":
      return user.username === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount":
      return (
        user.username === `system:serviceaccount:${subject.namespace ?? namespace ?? ""}:${subject.name}`
      );
  }
}

function describe({ name, namespace, roleRef }: RbacBinding, subject: RbacSubject): string {
  const binding =
    namespace === undefined ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`;
  const home = subject.kind === "ServiceAccount" ? `/${subject.namespace ?? namespace ?? ""}` : "";
  return `${binding} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}${home}"`;
}

/** Several errors as Go prints them. */
function aggregate(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}
