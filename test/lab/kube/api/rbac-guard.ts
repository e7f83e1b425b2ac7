import type { KubeObject, PolicyRule, RbacBinding } from "../../model.ts";
import { authorize } from "../authorization/authorizer.ts";
import { escalation } from "../authorization/escalation.ts";
import { roleMissing, rulesFor, rulesOfBinding } from "../authorization/rbac.ts";
import { bindingOf, roleOf } from "../authorization/rbac-model.ts";
import type { ApiCall } from "./api-call.ts";
import { ApiError, forbidden } from "./api-error.ts";
import type { Resource } from "./resources.ts";

const GROUP = "rbac.authorization.k8s.io";

interface RbacWrite {
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
}

/**
 * Nobody hands out more than they hold, unless they may `escalate` (roles) or `bind` (bindings); a binding never
 * changes its role. Objects of other groups pass.
 */
export function checkRbacWrite(call: ApiCall, resource: Resource, { object, before }: RbacWrite): void {
  if (resource.group !== GROUP || call.user.groups.includes("system:masters")) return;
  const given = resource.kind.endsWith("Binding")
    ? rulesGiven(call, object, before)
    : rulesOfRole(call, resource, object);
  if (given === undefined) return;

  const { name, namespace = "" } = object.metadata;
  const held = rulesFor(call.cluster, call.user, namespace).rules.map(({ rule }) => rule);
  const text = escalation(call.user, held, given);
  if (text !== undefined) throw forbidden({ group: GROUP, resource: resource.name, name }, text);
}

/** Undefined when the user may escalate. */
function rulesOfRole(
  call: ApiCall,
  resource: Resource,
  object: KubeObject,
): readonly PolicyRule[] | undefined {
  const { name, namespace = "" } = object.metadata;
  if (may(call, { verb: "escalate", resource: resource.name, namespace, name })) return undefined;
  return roleOf(object).rules;
}

/** Undefined when the user may bind that role. */
function rulesGiven(
  call: ApiCall,
  object: KubeObject,
  before: KubeObject | undefined,
): readonly PolicyRule[] | undefined {
  const binding = bindingOf(object);
  const { roleRef, namespace, name } = binding;
  if (before !== undefined && !sameRole(bindingOf(before).roleRef, roleRef)) {
    const cause = `roleRef: Invalid value: {"apiGroup":"${GROUP}","kind":"${roleRef.kind}","name":"${roleRef.name}"}: cannot change roleRef`;
    throw new ApiError(422, "Invalid", `${object.kind}.${GROUP} "${name}" is invalid: ${cause}`);
  }
  const resource = roleRef.kind === "Role" ? "roles" : "clusterroles";
  if (may(call, { verb: "bind", resource, namespace: namespace ?? "", name: roleRef.name })) return undefined;
  const rules = rulesOfBinding(call.cluster, binding);
  if (rules === undefined) throw new ApiError(404, "NotFound", roleMissing(roleRef));
  return rules;
}

function sameRole(a: RbacBinding["roleRef"], b: RbacBinding["roleRef"]): boolean {
  return a.kind === b.kind && a.name === b.name;
}

function may(
  { cluster, user }: ApiCall,
  asked: { verb: string; resource: string; namespace: string; name: string },
): boolean {
  return authorize(cluster, user, { group: GROUP, version: "*", subresource: "", ...asked }).allowed;
}
