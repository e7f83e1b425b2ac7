import { printable } from "./printable.ts";
import type { DoctorReport } from "./report-schema.ts";

/** One line for a context, for checking many clusters at once. */
export function shortReport(report: DoctorReport): string {
  const {
    context = "-",
    healthy,
    allowedBy,
    rootCauses,
    unknown,
    identity,
    warnings,
  } = printable(report, { unicode: true });
  if (healthy) {
    const odd =
      warnings.length === 0 ? "" : `, ${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`;
    const state = allowedBy === undefined ? "ok" : `allowed by ${allowedBy.join(" and ")}`;
    return `${context}: ${state} (${identity.username ?? identity.arn ?? "identity unknown"}${odd})\n`;
  }
  const [first, ...others] = rootCauses;
  if (first === undefined) return `${context}: unknown (${unknown?.symptom ?? "no symptom"})\n`;
  const more = others.length === 0 ? "" : ` (and ${others.map(({ cause }) => cause).join(", ")})`;
  return `${context}: ${first.cause} ${first.confidence}: ${first.summary.replaceAll(/\s+/g, " ")}${more}\n`;
}
