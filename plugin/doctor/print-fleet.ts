import {
  contextState,
  type DoctorReport,
  githubAnnotations,
  htmlFleet,
  junitReport,
  type OtherContext,
  otherLine,
  overviewLine,
  shortReport,
} from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { sentence, sentenceText } from "../../token/command/sentence.ts";
import { namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import { shownLines } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { ObjectOf } from "../kinds/kinds.ts";
import { API_VERSION, yamlText } from "../terminal/output.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import { type PrintOptions, reportText, textStyle } from "./print-report.ts";

/** The results of all contexts. */
export interface Fleet {
  readonly reports: readonly DoctorReport[];
  /** In the order of the kubeconfig, each with its report, or why there is none. */
  readonly outcomes: readonly FleetOutcome[];
  readonly skipped: readonly OtherContext[];
}

export type FleetOutcome = { readonly report: DoctorReport } | OtherContext;

type FleetPrintOptions = PrintOptions &
  Pick<DoctorOptions, "kubeconfig" | "redact" | "shell" | "namespace" | "allNamespaces" | "for">;

/** Prints the results: for people a line per context and a summary, for programs a list. */
export function printFleet(app: App, fleet: Fleet, options: FleetPrintOptions): void {
  if (options.output === "text") app.io.paint("out", asText(app, fleet, options));
  else if (options.output !== "message")
    app.io.out(forPrograms(fleet, options.output, new Date(app.clock()).toISOString()));
}

function forPrograms(
  fleet: Fleet,
  output: Exclude<FleetPrintOptions["output"], "text" | "message">,
  gatheredAt: string,
): string {
  const { reports, outcomes, skipped } = fleet;
  const notChecked = outcomes.flatMap((outcome) => ("report" in outcome ? [] : [outcome]));
  const object: ObjectOf<"DoctorReportList"> = {
    ...{ apiVersion: API_VERSION, kind: "DoctorReportList" },
    ...{ items: reports, skipped, notChecked, summary: summaryOf(fleet) },
  };
  switch (output) {
    case "json":
      return `${JSON.stringify(object, null, 2)}\n`;
    case "yaml":
      return yamlText(object);
    case "junit":
      return junitReport(reports, { skipped, notChecked });
    case "github":
      return githubAnnotations(reports, { skipped, notChecked });
    case "html":
      return htmlFleet({ reports, notChecked, skipped, gatheredAt });
    case "short":
      return [
        ...outcomes.map((outcome) =>
          "report" in outcome ? shortReport(outcome.report) : shortOther(outcome, "not checked"),
        ),
        ...skipped.map((other) => shortOther(other, "skipped")),
      ].join("");
  }
}

function shortOther({ context, why }: OtherContext, what: "skipped" | "not checked"): string {
  return `${shownLines(`${context}: ${what} (${why})`)}\n`;
}

interface FleetSummary {
  readonly ok: number;
  readonly broken: number;
  readonly unknown: number;
  readonly skipped: number;
  readonly notChecked: number;
}

function summaryOf({ reports, outcomes, skipped }: Fleet): FleetSummary {
  const states = reports.map(contextState);
  const count = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
  return {
    ok: count("ok"),
    broken: count("broken"),
    unknown: count("unknown"),
    skipped: skipped.length,
    notChecked: outcomes.length - reports.length,
  };
}

function asText(app: App, fleet: Fleet, options: FleetPrintOptions): string {
  const { verbose, color } = options;
  const look = textStyle(app, color);
  const ofReport = (report: DoctorReport) =>
    verbose ? `${reportText(app, report, { verbose, color })}\n` : overviewLine(report, look);
  const lines = [
    ...fleet.outcomes.map((outcome) =>
      "report" in outcome ? ofReport(outcome.report) : otherLine(outcome, { ...look, what: "not checked" }),
    ),
    ...fleet.skipped.map((other) => otherLine(other, { ...look, what: "skipped" })),
  ];
  const isApart = verbose && lines.at(-1)?.endsWith("\n\n") === true;
  return `${lines.join("")}${isApart ? "" : "\n"}${summaryText(fleet)}\n${moreText(fleet, options)}`;
}

function summaryText(fleet: Fleet): string {
  const { ok, broken, unknown, skipped, notChecked } = summaryOf(fleet);
  const total = fleet.outcomes.length;
  const parts = [
    [ok, "OK"],
    [broken, "broken"],
    [unknown, "not known"],
    [notChecked, "not checked"],
  ] as const;
  const counts = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const others = skipped === 0 ? "" : `; ${skipped} ${skipped === 1 ? "other" : "others"} skipped`;
  return `${total} EKS ${total === 1 ? "context" : "contexts"}: ${counts.join(", ")}${others}`;
}

/** How to see more of the first context that is not healthy. */
function moreText({ reports }: Fleet, options: FleetPrintOptions): string {
  const { verbose, redact, kubeconfig, shell, namespace, allNamespaces, for: attempt } = options;
  const context = reports.find(({ healthy }) => !healthy)?.context;
  if (verbose || redact || context === undefined) return "";
  const command = ours("doctor", {
    ...{ context, kubeconfig: namedKubeconfig(kubeconfig), n: namespace, for: attempt },
    "all-namespaces": allNamespaces || undefined,
  });
  return `${sentenceText(sentence`Full report: ${command}; for every context: -v`, shell)}\n`;
}
