import { ownValue } from "../../../token/record.ts";
import type { LabelSelectorJson } from "../../evidence/evidence.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects an object with these labels: all its conditions hold, and an empty selector selects everything. */
export function selects({ matchLabels, matchExpressions }: LabelSelectorJson, labels: Labels): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) =>
      holds(operator, labelOf(labels, key), values ?? []),
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

function labelOf(labels: Labels, key: string): string | undefined {
  return ownValue(labels, key);
}
