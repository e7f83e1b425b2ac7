import { ownValue } from "../../../token/record.ts";
import {
  type AccessRequest,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type LabelSelectorJson,
  type RbacObjectJson,
} from "../../evidence/evidence.ts";
import { note } from "../../evidence/reads.ts";
import { DEFAULT_RBAC } from "./default-rbac.ts";
import { rulesAllow } from "./rbac-rule.ts";

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

/** ClusterRoles, and which of them an aggregated one gets its rules from, as the cluster's controller would write them. */
export class RoleAggregation {
  readonly #roles: readonly RbacObjectJson[];
  /** By one of their labels, so that few are examined, however many there are. */
  readonly #byLabel = new Map<string, RbacObjectJson[]>();
  /** By selector. */
  readonly #selections = new Map<string, readonly RbacObjectJson[]>();
  readonly #keepers = new Map<RbacObjectJson, boolean>();

  constructor(clusterRoles: readonly RbacObjectJson[]) {
    this.#roles = clusterRoles;
    for (const role of clusterRoles) {
      for (const label of Object.entries(role.metadata.labels ?? {})) {
        const labelled = this.#byLabel.get(labelKey(label));
        if (labelled === undefined) this.#byLabel.set(labelKey(label), [role]);
        else labelled.push(role);
      }
    }
  }

  /** The roles whose own rules a role grants. */
  sources(role: RbacObjectJson): readonly RbacObjectJson[] {
    return [...this.#reached(role)].filter((one) => hasRules(one) && this.#keepsRules(one));
  }

  /** Rules written next to an aggregationRule stay until the controller has rules to overwrite them with. */
  #keepsRules(role: RbacObjectJson): boolean {
    const known = this.#keepers.get(role) ?? (!isAggregated(role) || !this.#collectsRules(role));
    this.#keepers.set(role, known);
    return known;
  }

  #collectsRules(role: RbacObjectJson): boolean {
    for (const other of this.#reached(role)) if (other !== role && hasRules(other)) return true;
    return false;
  }

  /** A role, and every role that its selectors lead to. Each role and each selection is visited once, even in a cycle. */
  *#reached(role: RbacObjectJson): Iterable<RbacObjectJson> {
    const found = new Set([role]);
    const followed = new Set<readonly RbacObjectJson[]>();
    for (const one of found) {
      yield one;
      for (const selection of this.#taken(one)) {
        if (followed.has(selection)) continue;
        followed.add(selection);
        for (const other of selection) found.add(other);
      }
    }
  }

  #taken(role: RbacObjectJson): readonly (readonly RbacObjectJson[])[] {
    if (!isAggregated(role)) return [];
    return (role.aggregationRule?.clusterRoleSelectors ?? []).map((selector) => {
      const key = JSON.stringify(selector);
      const selection = this.#selections.get(key) ?? this.#selected(selector);
      this.#selections.set(key, selection);
      return selection;
    });
  }

  #selected(selector: LabelSelectorJson): readonly RbacObjectJson[] {
    const [label] = Object.entries(selector.matchLabels ?? {});
    const candidates = label === undefined ? this.#roles : (this.#byLabel.get(labelKey(label)) ?? []);
    return candidates.filter(({ metadata }) => selects(selector, metadata.labels ?? {}));
  }
}

/**
 * Whether a role's rules have yet to be aggregated. A role that a cluster printed has a creation time, and the rules that the
 * controller wrote.
 */
function isAggregated({ kind, aggregationRule, metadata }: RbacObjectJson): boolean {
  return (
    kind === "ClusterRole" && aggregationRule !== undefined && typeof metadata.creationTimestamp !== "string"
  );
}

function hasRules({ rules }: RbacObjectJson): boolean {
  return rules !== undefined && rules !== null && rules.length > 0;
}

function labelKey(label: readonly [name: string, value: string]): string {
  return JSON.stringify(label);
}

type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects an object with these labels: all its conditions hold, and an empty selector selects everything. */
export function selects({ matchLabels, matchExpressions }: LabelSelectorJson, labels: Labels): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => ownValue(labels, key) === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) =>
      holds(operator, ownValue(labels, key), values ?? []),
    )
  );
}

/** Source: Kubernetes, "Labels and Selectors", "Set-based requirement". */
function holds(operator: string, value: string | undefined, values: readonly string[]): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
