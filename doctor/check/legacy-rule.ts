import type { CauseId } from "../catalogue/rows.ts";
import type { Facts } from "../derive/facts.ts";
import type { FactName, Known, Rule } from "./rule.ts";
import type { Conclusion, Description } from "./verdict.ts";

/** A rule of the old form, until the last one is converted. */
export interface LegacyRule<N extends FactName> extends Pick<Rule, "code" | "stage" | "expects"> {
  readonly causes: readonly CauseId[];
  readonly needs: readonly N[];
  readonly needsOneOf?: readonly FactName[];
  readonly judge: (facts: Facts & Known<N>) => readonly LegacyFinding[];
}

export type LegacyFinding = Omit<Conclusion, "describe" | "stage"> & Description & { readonly stage: string };

export function defineLegacyRule<const N extends FactName>(rule: LegacyRule<N>): Rule {
  return { ...rule, check: () => ({ status: "passed" }) } as unknown as Rule;
}
