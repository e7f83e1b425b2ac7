import type { LabelSelectorJson, RbacObjectJson } from "../../evidence/evidence.ts";
import { selects } from "./label-selector.ts";

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
