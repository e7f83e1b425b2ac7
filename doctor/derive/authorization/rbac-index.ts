import type { AccessRequest, RbacObjectJson } from "../../evidence/evidence.ts";
import { BUILT_IN_ROLES } from "./built-in-roles.ts";
import { rulesAllow } from "./rbac-rule.ts";

/** RBAC objects by kind, namespace and name, and ClusterRoles by their labels: each look-up is one step, however many there are. */
export class RbacIndex {
  readonly bindings: readonly RbacObjectJson[];
  readonly #roles = new Map<string, RbacObjectJson>();
  readonly #byLabel = new Map<string, RbacObjectJson[]>();
  readonly #allowed = new WeakMap<AccessRequest, Map<RbacObjectJson, boolean>>();

  constructor(items: readonly RbacObjectJson[]) {
    const bindings: RbacObjectJson[] = [];
    for (const item of items) {
      const { kind, metadata } = item;
      if (kind === "ClusterRoleBinding" || kind === "RoleBinding") {
        bindings.push(item);
        continue;
      }
      const key = keyOf(kind, metadata.namespace, metadata.name);
      if (!this.#roles.has(key)) this.#roles.set(key, item);
      if (kind !== "ClusterRole") continue;
      for (const [name, value] of Object.entries(metadata.labels ?? {})) {
        const label = keyOf(name, value);
        const labelled = this.#byLabel.get(label);
        if (labelled === undefined) this.#byLabel.set(label, [item]);
        else labelled.push(item);
      }
    }
    this.bindings = bindings;
  }

  /** Whether the rules of a binding's role allow an attempt; undefined when there is no such role. */
  allows(binding: RbacObjectJson, attempt: AccessRequest): boolean | undefined {
    const { kind = "", name = "" } = binding.roleRef ?? {};
    const role = this.#roles.get(keyOf(kind, kind === "Role" ? binding.metadata.namespace : undefined, name));
    if (role === undefined) {
      const isBuiltIn = kind === "ClusterRole" && Object.hasOwn(BUILT_IN_ROLES, name);
      return isBuiltIn ? rulesAllow(BUILT_IN_ROLES[name] ?? [], attempt) : undefined;
    }
    const known = this.#allowed.get(attempt) ?? new Map<RbacObjectJson, boolean>();
    this.#allowed.set(attempt, known);
    const allowed =
      known.get(role) ?? this.#collected(role).some(({ rules }) => rulesAllow(rules ?? [], attempt));
    known.set(role, allowed);
    return allowed;
  }

  /**
   * A role, and what its aggregation would collect: evidence from a cluster whose controller has not run yet, or built by
   * hand, has the labels only. Each role once, whatever circle they make.
   */
  #collected(role: RbacObjectJson): RbacObjectJson[] {
    const found = new Set([role]);
    for (const { aggregationRule } of found) {
      for (const { matchLabels } of aggregationRule?.clusterRoleSelectors ?? []) {
        const [first, ...others] = Object.entries(matchLabels ?? {});
        for (const item of first === undefined ? [] : (this.#byLabel.get(keyOf(...first)) ?? [])) {
          if (others.every(([name, value]) => item.metadata.labels?.[name] === value)) found.add(item);
        }
      }
    }
    return [...found];
  }
}

const INDEXES = new WeakMap<readonly RbacObjectJson[], RbacIndex>();

/** The index of a list of objects, made once. */
export function rbacIndex(items: readonly RbacObjectJson[]): RbacIndex {
  const known = INDEXES.get(items) ?? new RbacIndex(items);
  INDEXES.set(items, known);
  return known;
}

function keyOf(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}
