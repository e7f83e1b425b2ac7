import type { LabelSelectorJson, RbacObjectJson } from "../../evidence/evidence.ts";
import { selects } from "./label-selector.ts";

/** ClusterRoles, and which of them give an aggregated one its rules: what the cluster's controller writes into it. */
export class RoleAggregation {
  readonly #roles: readonly RbacObjectJson[];
  /** By one label, so that few are looked at, however many there are. */
  readonly #byLabel = new Map<string, RbacObjectJson[]>();

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
    if (!isAggregated(role)) return true;
    for (const other of this.#reached(role)) if (other !== role && hasRules(other)) return false;
    return true;
  }

  /** A role, and all that its selectors lead to. Each once, whatever circle they make. */
  *#reached(role: RbacObjectJson): Iterable<RbacObjectJson> {
    const found = new Set([role]);
    for (const one of found) {
      yield one;
      if (!isAggregated(one)) continue;
      for (const selector of one.aggregationRule?.clusterRoleSelectors ?? []) {
        for (const other of this.#selected(selector)) found.add(other);
      }
    }
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
