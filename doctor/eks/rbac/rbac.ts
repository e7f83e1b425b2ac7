import type { AccessRequest, RbacObjectJson } from "../../evidence/evidence.ts";
import { namespaceOf, type RbacIndex } from "./rbac-index.ts";

/** The user that bindings are compared with. */
export interface RbacUser {
  readonly username: string;
  /** Including `system:authenticated`. */
  readonly groups: readonly string[];
}

type Subject = NonNullable<RbacObjectJson["subjects"]>[number];

/** A binding, one of its subjects, and what it lacks for an attempt. */
export interface BindingVerdict {
  /** `ClusterRoleBinding devs` or `RoleBinding team-a/devs`. */
  readonly binding: string;
  /** Where it grants; undefined: everywhere. */
  readonly namespace: string | undefined;
  /** `ClusterRole view` */
  readonly role: string;
  /** `Group devs` */
  readonly subject: string;
  /** `subject`: it would apply to the caller if its subject were written otherwise. */
  readonly lacks: "nothing" | "namespace" | "rule" | "role-missing" | "subject";
}

/** The first subject of a binding that is this user. Source: Kubernetes, RBAC reference, "Referring to subjects". */
export function subjectFor(binding: RbacObjectJson, { username, groups }: RbacUser): Subject | undefined {
  return binding.subjects?.find(({ kind, name, namespace }) => {
    if (kind === "User") return name === username;
    if (kind === "Group") return groups.includes(name);
    const home = namespace || namespaceOf(binding);
    if (kind !== "ServiceAccount" || home === undefined) return false;
    return username === `system:serviceaccount:${home}:${name}`;
  });
}

/** What a binding lacks for an attempt, if the user is one of its subjects. */
export function bindingVerdict(
  rbac: RbacIndex,
  binding: RbacObjectJson,
  { subject, attempt }: { readonly subject: Subject; readonly attempt: AccessRequest },
): BindingVerdict {
  const { kind = "", name = "" } = binding.roleRef ?? {};
  const namespace = namespaceOf(binding);
  const path = namespace === undefined ? "" : `${namespace}/`;
  const inPlace = namespace === undefined || (attempt.path === undefined && attempt.namespace === namespace);
  return {
    binding: `${binding.kind} ${path}${binding.metadata.name}`,
    namespace,
    role: `${kind} ${name}`,
    subject: `${subject.kind} ${subject.name}`,
    lacks: lack(rbac.allows({ kind, name }, { namespace, attempt }), inPlace),
  };
}

function lack(allowed: boolean | undefined, inPlace: boolean): BindingVerdict["lacks"] {
  if (allowed === undefined) return "role-missing";
  if (!allowed) return "rule";
  return inPlace ? "nothing" : "namespace";
}
