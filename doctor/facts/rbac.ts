import { BUILT_IN_ROLES } from "../eks/built-in-roles.ts";
import type { Attempt, RbacObjectJson, RbacRuleJson } from "../evidence.ts";
import { rulesAllow } from "./rbac-rule.ts";

/** Whom bindings are held against. */
export interface RbacUser {
  readonly username: string;
  /** With `system:authenticated`. */
  readonly groups: readonly string[];
}

type Subject = NonNullable<RbacObjectJson["subjects"]>[number];

/** A binding, one of its subjects, and what it is worth for an attempt. */
export interface BindingVerdict {
  /** `ClusterRoleBinding devs` or `RoleBinding team-a/devs`. */
  readonly binding: string;
  /** Where it grants; undefined: everywhere. */
  readonly namespace: string | undefined;
  /** `ClusterRole view` */
  readonly role: string;
  /** `Group devs` */
  readonly subject: string;
  /** `subject`: it would be the caller's if its subject were written otherwise. */
  readonly lacks: "nothing" | "namespace" | "rule" | "role-missing" | "subject";
}

/** All bindings. */
export function bindingsIn(items: readonly RbacObjectJson[]): readonly RbacObjectJson[] {
  return items.filter(({ kind }) => kind === "ClusterRoleBinding" || kind === "RoleBinding");
}

/** The first subject of a binding that is this user. Source: Kubernetes, RBAC reference, "Referring to subjects". */
export function subjectFor(binding: RbacObjectJson, { username, groups }: RbacUser): Subject | undefined {
  return binding.subjects?.find(({ kind, name, namespace }) => {
    if (kind === "User") return name === username;
    if (kind === "Group") return groups.includes(name);
    return username === `system:serviceaccount:${namespace ?? binding.metadata.namespace ?? ""}:${name}`;
  });
}

/** What a binding is worth for an attempt, once one is its subject. */
export function judgeBinding(
  items: readonly RbacObjectJson[],
  binding: RbacObjectJson,
  { subject, attempt }: { readonly subject: Subject; readonly attempt: Attempt },
): BindingVerdict {
  const { kind, metadata } = binding;
  const namespace = kind === "RoleBinding" ? (metadata.namespace ?? "default") : undefined;
  const rules = rulesOfReference(items, binding);
  const inPlace = namespace === undefined || (attempt.path === undefined && attempt.namespace === namespace);
  return {
    binding: nameOfBinding(binding),
    namespace,
    role: `${binding.roleRef?.kind} ${binding.roleRef?.name}`,
    subject: `${subject.kind} ${subject.name}`,
    lacks: lack(rules, attempt, inPlace),
  };
}

function nameOfBinding({ kind, metadata }: RbacObjectJson): string {
  return kind === "RoleBinding"
    ? `${kind} ${metadata.namespace ?? "default"}/${metadata.name}`
    : `${kind} ${metadata.name}`;
}

/** The rules that a binding's role has; undefined when the role does not exist. */
function rulesOfReference(
  items: readonly RbacObjectJson[],
  binding: RbacObjectJson,
): readonly RbacRuleJson[] | undefined {
  const { kind = "", name = "" } = binding.roleRef ?? {};
  const home = kind === "Role" ? binding.metadata.namespace : undefined;
  const role = items.find(
    (item) => item.kind === kind && item.metadata.name === name && item.metadata.namespace === home,
  );
  if (role !== undefined) return rulesOf(items, role);
  return kind === "ClusterRole" && Object.hasOwn(BUILT_IN_ROLES, name) ? BUILT_IN_ROLES[name] : undefined;
}

/**
 * A role's rules as they stand, and what its aggregation would write into them: evidence from a cluster whose controller
 * has not run yet, or built by hand, has the labels only.
 */
function rulesOf(
  items: readonly RbacObjectJson[],
  role: RbacObjectJson,
  above: readonly RbacObjectJson[] = [],
): readonly RbacRuleJson[] {
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  const collected = items.filter(
    (item) =>
      item.kind === "ClusterRole" &&
      item !== role &&
      !above.includes(item) &&
      selectors.some(({ matchLabels }) => hasLabels(item, matchLabels)),
  );
  return [...(role.rules ?? []), ...collected.flatMap((item) => rulesOf(items, item, [...above, role]))];
}

function hasLabels(
  { metadata }: RbacObjectJson,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  const pairs = Object.entries(wanted ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => metadata.labels?.[key] === value);
}

function lack(
  rules: readonly RbacRuleJson[] | undefined,
  attempt: Attempt,
  inPlace: boolean,
): BindingVerdict["lacks"] {
  if (rules === undefined) return "role-missing";
  if (!rulesAllow(rules, attempt)) return "rule";
  return inPlace ? "nothing" : "namespace";
}
