import { Chalk } from "chalk";
import type { DoctorReport, OtherContext } from "./report-schema.ts";
import { printable } from "./short-arns.ts";
import type { TextOptions } from "./text.ts";
import { causeCodes, troubleOf, unknownWords } from "./words.ts";

type LineOptions = Pick<TextOptions, "color" | "unicode">;

const UNICODE = { fine: "✓", warned: "!", broken: "✗", unknown: "?", skipped: "-" };
const ASCII: typeof UNICODE = { fine: "+", warned: "!", broken: "x", unknown: "?", skipped: "-" };

const COLORS = { fine: "green", warned: "yellow", broken: "red", unknown: "yellow", skipped: "dim" } as const;

/** One line about a context among many: its sign, its name, and the result in one sentence. */
export function overviewLine(raw: DoctorReport, options: LineOptions): string {
  const report = printable(raw, options);
  return line(troubleOf(report), `${report.context ?? "-"}: ${verdict(report)}`, options);
}

/** One line about a context that was not checked; `what` is `skipped` or `not checked`. */
export function otherLine(
  raw: OtherContext,
  { what, ...options }: LineOptions & { readonly what: "skipped" | "not checked" },
): string {
  const { context, why } = printable(raw, options);
  return line(what === "skipped" ? "skipped" : "unknown", `${context}: ${what}, ${why}`, options);
}

function line(sign: keyof typeof UNICODE, text: string, { color, unicode }: LineOptions): string {
  const ink = new Chalk({ level: color ? 1 : 0 });
  return `${ink[COLORS[sign]]((unicode ? UNICODE : ASCII)[sign])} ${oneLine(text)}`;
}

function oneLine(text: string): string {
  return `${text.replaceAll(/\s+/g, " ").trim()}\n`;
}

function verdict(report: DoctorReport): string {
  const { healthy, rootCauses, warnings, identity, unknown, suspicions, allowedBy } = report;
  if (healthy) {
    const who = identity.username ?? identity.arn ?? "identity unknown";
    const [first] = warnings;
    if (first === undefined) return `OK (${who})`;
    const count = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
    return `OK (${who}), ${count}: ${first.cause} ${first.summary}`;
  }
  const causes = causesIn(rootCauses);
  if (causes !== undefined) return causes;
  if (allowedBy !== undefined) return unknownWords(report);
  const [suspicion] = suspicions;
  const likely =
    suspicion === undefined ? "" : `; most likely ${causeCodes(suspicion.causes)}: ${suspicion.summary}`;
  return `cause unknown (${unknown?.symptom ?? "no symptom"})${likely}`;
}

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
    return oneLine(`${context}: ${state} (${identity.username ?? identity.arn ?? "identity unknown"}${odd})`);
  }
  return oneLine(`${context}: ${causesIn(rootCauses) ?? `unknown (${unknown?.symptom ?? "no symptom"})`}`);
}

/** `E3 certain: Role Dev … (and A1)` */
function causesIn([first, ...others]: DoctorReport["rootCauses"]): string | undefined {
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : ` (and ${others.map(({ cause }) => cause).join(", ")})`;
  return `${first.cause} ${first.confidence}: ${first.summary}${more}`;
}
