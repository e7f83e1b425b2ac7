import type { DoctorReport, OtherContext } from "../report-schema.ts";
import { type Trouble, troubleOf } from "../words.ts";
import { el, type HtmlElement, withCode } from "./node.ts";
import { shortName, verdictSentence } from "./report.ts";

export interface Fleet {
  readonly reports: readonly DoctorReport[];
  readonly notChecked: readonly OtherContext[];
  readonly skipped: readonly OtherContext[];
}

const ORDER: readonly Trouble[] = ["broken", "unknown", "warned", "fine"];

const SIGNS: Readonly<Record<Trouble, string>> = { broken: "✗", unknown: "?", warned: "!", fine: "✓" };

/** Reports, those in trouble first; else in their own order. */
export function inOrderOfTrouble(reports: readonly DoctorReport[]): DoctorReport[] {
  return reports.toSorted((a, b) => ORDER.indexOf(troubleOf(a)) - ORDER.indexOf(troubleOf(b)));
}

export function prefixOf(index: number): string {
  return `context-${index + 1}-`;
}

/** Totals, a line for each context, and the contexts that were not checked. */
export function fleetIndex({ reports, notChecked, skipped }: Fleet): HtmlElement[] {
  const sorted = inOrderOfTrouble(reports);
  const rows = sorted.map((report, index) => {
    const trouble = troubleOf(report);
    const name = shortName(report.context ?? "-");
    const isLinked = trouble !== "fine";
    return el(
      "li",
      { class: trouble },
      el("span", { class: "sign" }, SIGNS[trouble]),
      " ",
      isLinked ? el("a", { href: `#${prefixOf(index)}verdict` }, name) : el("strong", {}, name),
      " ",
      el("span", { class: "what" }, ...withCode(whatOf(report, trouble))),
    );
  });
  return [
    el("h1", { id: "index", tabindex: "-1" }, totals(sorted)),
    el("p", { class: "lead" }, byStage(sorted)),
    el("ol", { class: "index" }, ...rows),
    ...others("Not checked", notChecked),
    ...others("Skipped", skipped),
  ];
}

function whatOf(report: DoctorReport, trouble: Trouble): string {
  if (trouble === "fine") return report.identity.username ?? report.identity.arn ?? "";
  if (trouble === "warned") return report.warnings.map(({ summary }) => summary).join(" ");
  return verdictSentence(report)[0];
}

/** `24 of 60 contexts need attention: 20 broken, 4 not known` */
function totals(reports: readonly DoctorReport[]): string {
  const count = (trouble: Trouble) => reports.filter((one) => troubleOf(one) === trouble).length;
  const [broken, unknown] = [count("broken"), count("unknown")];
  const parts = [
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ];
  return parts.length === 0
    ? `All ${reports.length} contexts work`
    : `${broken + unknown} of ${reports.length} contexts need attention: ${parts.join(", ")}`;
}

/** `Broken: 9 × mapping, 3 × network` */
function byStage(reports: readonly DoctorReport[]): string {
  const stages = reports.flatMap(({ rootCauses: [cause] }) => cause?.stage ?? []);
  const counted = [...Map.groupBy(stages, (stage) => stage)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([stage, { length }]) => `${length} × ${stage}`);
  return counted.length === 0 ? "" : `Broken links: ${counted.join(", ")}.`;
}

function others(heading: string, contexts: readonly OtherContext[]): HtmlElement[] {
  if (contexts.length === 0) return [];
  const lines = contexts.map(({ context, why }) => el("li", {}, `${shortName(context)}: ${why}`));
  return [el("section", {}, el("h2", {}, heading), el("ul", {}, ...lines))];
}
