import { DEFAULT_RBAC } from "../../../../doctor/eks/rbac/default-rbac.ts";
import type { RbacBinding, RbacRole } from "../../model.ts";
import { bindingOf, roleOf } from "./rbac-model.ts";

/** The roles and bindings that every cluster begins with. The controllers' are absent: nobody of the lab is one. */
export function defaultRbac(): { readonly roles: RbacRole[]; readonly bindings: RbacBinding[] } {
  const objects = structuredClone(DEFAULT_RBAC);
  return {
    roles: objects.filter(({ kind }) => kind.endsWith("Role")).map(roleOf),
    bindings: objects.filter(({ kind }) => kind.endsWith("Binding")).map(bindingOf),
  };
}
