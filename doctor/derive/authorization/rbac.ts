import type { AccessRequest, RbacObjectJson } from "../../evidence/evidence.ts";
import { rbacIndex } from "./rbac-index.ts";

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
  return rbacIndex(items).bindings;
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
export function bindingVerdict(
  items: readonly RbacObjectJson[],
  binding: RbacObjectJson,
  { subject, attempt }: { readonly subject: Subject; readonly attempt: AccessRequest },
): BindingVerdict {
  const { kind, metadata } = binding;
  const namespace = kind === "RoleBinding" ? (metadata.namespace ?? "default") : undefined;
  const inPlace = namespace === undefined || (attempt.path === undefined && attempt.namespace === namespace);
  return {
    binding: nameOfBinding(binding),
    namespace,
    role: `${binding.roleRef?.kind} ${binding.roleRef?.name}`,
    subject: `${subject.kind} ${subject.name}`,
    lacks: lack(rbacIndex(items).allows(binding, attempt), inPlace),
  };
}

function nameOfBinding({ kind, metadata }: RbacObjectJson): string {
  return kind === "RoleBinding"
    ? `${kind} ${metadata.namespace ?? "default"}/${metadata.name}`
    : `${kind} ${metadata.name}`;
}

function lack(allowed: boolean | undefined, inPlace: boolean): BindingVerdict["lacks"] {
  if (allowed === undefined) return "role-missing";
  if (!allowed) return "rule";
  return inPlace ? "nothing" : "namespace";
}
