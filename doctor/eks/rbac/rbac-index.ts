import {
  type AccessRequest,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type RbacObjectJson,
} from "../../evidence/evidence.ts";
import { note } from "../../evidence/reads.ts";
import { DEFAULT_RBAC } from "./default-rbac.ts";
import { rulesAllow } from "./rbac-rule.ts";
import { RoleAggregation } from "./role-aggregation.ts";

type RoleRef = NonNullable<RbacObjectJson["roleRef"]>;

/** RBAC objects by kind, namespace and name. A look-up takes one step, however many there are. */
export class RbacIndex {
  readonly bindings: readonly RbacObjectJson[];
  readonly #roles: ReadonlyMap<string, RbacObjectJson>;
  readonly #aggregation: RoleAggregation;
  readonly #allowed = new WeakMap<AccessRequest, Map<RbacObjectJson, boolean>>();

  constructor(objects: readonly RbacObjectJson[]) {
    const bindings: RbacObjectJson[] = [];
    const roles = new Map<string, RbacObjectJson>();
    const clusterRoles: RbacObjectJson[] = [];
    for (const object of objects) {
      const { kind, metadata } = object;
      if (kind === "ClusterRoleBinding" || kind === "RoleBinding") bindings.push(object);
      else roles.set(keyOf({ kind, name: metadata.name }, namespaceOf(object)), object);
      if (kind === "ClusterRole") clusterRoles.push(object);
    }
    this.bindings = bindings;
    this.#roles = roles;
    this.#aggregation = new RoleAggregation(clusterRoles);
  }

  /**
   * Whether the rules of a role allow an attempt; undefined when there is no such role. `namespace` is that of the binding which
   * refers to it; undefined for a cluster-wide binding.
   */
  allows(
    roleRef: Pick<RoleRef, "kind" | "name">,
    { namespace, attempt }: { readonly namespace: string | undefined; readonly attempt: AccessRequest },
  ): boolean | undefined {
    const role = this.#roles.get(keyOf(roleRef, roleRef.kind === "Role" ? namespace : undefined));
    if (role === undefined) return undefined;
    const known = this.#allowed.get(attempt) ?? new Map<RbacObjectJson, boolean>();
    this.#allowed.set(attempt, known);
    const allowed =
      known.get(role) ??
      this.#aggregation.sources(role).some(({ rules }) => rulesAllow(rules ?? [], attempt));
    known.set(role, allowed);
    return allowed;
  }
}

/** The namespace of a Role or RoleBinding, which a manifest may leave out; undefined for other kinds. */
export function namespaceOf({ kind, metadata }: RbacObjectJson): string | undefined {
  return kind === "Role" || kind === "RoleBinding" ? (metadata.namespace ?? "default") : undefined;
}

type RbacEvidence = Pick<DoctorEvidence, "rbac" | "excerpts">;

const WHOLE = new WeakMap<readonly RbacObjectJson[], RbacIndex>();
const PARTS = new WeakMap<readonly RbacObjectJson[], RbacIndex>();

/** The RBAC index of a bundle, made once; undefined when RBAC is not known. */
export function rbacOf(evidence: RbacEvidence): RbacIndex | undefined {
  const items = knownValue(evidence.rbac)?.items;
  if (items === undefined) return undefined;
  const isPart = isExcerpt(evidence, "rbac");
  const indexes = isPart ? PARTS : WHOLE;
  let index = indexes.get(items);
  if (index === undefined) {
    index = new RbacIndex([...items, ...leftOut(items, isPart)]);
    indexes.set(items, index);
    if (items.some(isIncomplete)) INCOMPLETE.add(items);
  }
  if (INCOMPLETE.has(items)) note("rbac");
  return index;
}

/** Lists in which someone left out what a role allows, or which role a binding gives; the API server always says it. */
const INCOMPLETE = new WeakSet<readonly RbacObjectJson[]>();

function isIncomplete({ kind, rules, aggregationRule, roleRef }: RbacObjectJson): boolean {
  return kind.endsWith("Binding")
    ? roleRef === undefined
    : rules === undefined && aggregationRule === undefined;
}

const DEFAULT_NAMES: ReadonlySet<string> = new Set(DEFAULT_RBAC.map(({ metadata }) => metadata.name));
const DEFAULTS_BY_KIND = Map.groupBy(DEFAULT_RBAC, ({ kind }) => kind);

/**
 * The default objects of every cluster that are not among these items. Where most defaults of a kind are there, the list is a
 * cluster's own, and the others were deleted.
 */
function leftOut(items: readonly RbacObjectJson[], isPart: boolean): readonly RbacObjectJson[] {
  const own = new Set(items.filter(({ metadata }) => DEFAULT_NAMES.has(metadata.name)).map(objectKey));
  return [...DEFAULTS_BY_KIND.values()].flatMap((defaults) => {
    const missing = defaults.filter((object) => !own.has(objectKey(object)));
    return isPart || missing.length * 2 > defaults.length ? missing : [];
  });
}

function objectKey(object: RbacObjectJson): string {
  return keyOf({ kind: object.kind, name: object.metadata.name }, namespaceOf(object));
}

function keyOf({ kind, name }: Pick<RoleRef, "kind" | "name">, namespace: string | undefined): string {
  return JSON.stringify([kind, namespace ?? null, name]);
}
