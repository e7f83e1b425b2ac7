import type { LabelSelectorJson, RbacObjectJson } from "../../evidence/evidence.ts";
import { selects } from "./label-selector.ts";

/** ClusterRoles, and which of them give an aggregated one its rules: what the cluster's controller writes into it. */
export class RoleAggregation {
  readonly #roles: readonly RbacObjectJson[];
  /** By one label, so that few are looked at, however many there are. */
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

  /** The roles whose own rules a role gives. */
  sources(role: RbacObjectJson): readonly RbacObjectJson[] {
    return [...this.#reached(role)].filter((one) => hasRules(one) && this.#keepsRules(one));
  }

  /** Rules that somebody wrote beside an aggregationRule stay until the controller has some to write over them. */
  #keepsRules(role: RbacObjectJson): boolean {
    const known = this.#keepers.get(role) ?? (!isAggregated(role) || !this.#collectsRules(role));
    this.#keepers.set(role, known);
    return known;
  }

  #collectsRules(role: RbacObjectJson): boolean {
    for (const other of this.#reached(role)) if (other !== role && hasRules(other)) return true;
    return false;
  }

  /** A role, and all that its selectors lead to. Each role and each selection once, whatever circle they make. */
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
 * Whether a role's rules are still to be collected. What a cluster printed has the time when it was made, and the rules that
 * its controller wrote.
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
