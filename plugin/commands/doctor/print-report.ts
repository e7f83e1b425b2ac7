import {
  type DoctorEvidence,
  type DoctorReport,
  type Examination,
  githubAnnotations,
  htmlReport,
  junitReport,
  knownValue,
  type Rule,
  shortReport,
  textReport,
} from "../../../doctor/doctor.ts";
import { shownLines } from "../../../token/text/printable.ts";
import { localTimeOf } from "../../../token/text/time.ts";
import type { App } from "../../app.ts";
import { printObject } from "../../terminal/output.ts";
import { type ColorChoice, showsUnicode, style, textWidth } from "../../terminal/style.ts";
import type { ReportChoice } from "./options.ts";

export interface PrintOptions {
  readonly output: ReportChoice;
  readonly verbose: boolean;
  readonly color: ColorChoice;
  /** File that has the evidence. */
  readonly saved?: string | undefined;
  /** What it was made of, without secrets: a page has it with it. */
  readonly bundle?: DoctorEvidence | undefined;
}

/** Prints what was found: for people, for programs, or for a ticket. */
export function printReport(app: App, report: DoctorReport, options: PrintOptions): void {
  const { output } = options;
  if (output === "text") app.io.paint("out", reportText(app, report, options));
  else if (output === "message") printMessage(app, report);
  else if (output === "junit") app.io.out(junitReport([report]));
  else if (output === "github") app.io.out(githubAnnotations([report]));
  else if (output === "short") app.io.out(shortReport(report));
  else if (output === "html") app.io.out(htmlReport(report, options.bundle));
  else printObject(app, output, "DoctorReport", report);
}

/** Prints the message to the cluster's admins, or says that none is needed. */
function printMessage(app: App, { adminMessage, healthy }: DoctorReport): void {
  if (adminMessage !== undefined) app.io.out(shownLines(adminMessage));
  else {
    const why = healthy
      ? "nothing is wrong"
      : "you can fix this without an admin; see the report without `-o message`";
    app.io.err(`No message for a cluster admin: ${why}.\n`);
  }
}

/** The report for people, as this terminal shows it. */
export function reportText(
  app: App,
  report: DoctorReport,
  { verbose, color, saved }: Omit<PrintOptions, "output">,
): string {
  return textReport(report, { width: textWidth(app), ...textStyle(app, color), verbose, saved });
}

/** What standard output can show. */
export function textStyle(
  app: App,
  color: ColorChoice,
): { readonly color: boolean; readonly unicode: boolean } {
  return { color: style(app, "out", color).level > 0, unicode: showsUnicode(app) };
}

/** Before setup, a missing context or login is no fault. */
const LATER_ROWS = ["K14", "K15", "V1", "V2", "V3"];

/** The rules of `--pre`. */
export function machineRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ causes }) => !causes.some((row) => LATER_ROWS.includes(row)));
}

/**
 * The result of `--pre`: no call was made, so nothing is wrong unless a fault was found. Whether a cluster accepts the caller is
 * another question.
 */
export function machineReport({ report, ...examination }: Examination): Examination {
  const isReady = report.rootCauses.length === 0;
  return { ...examination, report: { ...report, context: undefined, healthy: isReady, unknown: undefined } };
}

/** Prints for people whether the machine is ready, and a line for each thing it has. */
export function printMachine(
  app: App,
  { evidence, report }: Examination,
  { verbose, color }: Pick<PrintOptions, "verbose" | "color">,
): void {
  if (report.healthy && !verbose) app.io.out("This machine is ready.\n");
  else printReport(app, report, { output: "text", verbose, color });
  app.io.out(`\n${machineLines(evidence).join("\n")}\n`);
}

function machineLines(evidence: DoctorEvidence): string[] {
  const keys = knownValue(evidence.securityKeys);
  const vouch = knownValue(evidence.vouch);
  const clocks = knownValue(evidence.clocks) ?? [];
  const seen = (keys ?? []).map(({ name, readable }) => (readable ? name : `${name} (cannot be opened)`));
  const off = Math.max(0, ...clocks.map(({ aheadSeconds }) => Math.abs(aheadSeconds)));
  return [
    `Security key:  ${keys === undefined ? "not known" : seen.join(", ") || "none is plugged in"}`,
    ...(vouch === undefined
      ? []
      : [
          `Vouch server:  ${vouch.server}`,
          `Logged in:     ${vouch.loggedIn ? `${vouch.identity} until ${localTimeOf(vouch.sessionEnd ?? "?")}` : "not yet"}`,
        ]),
    ...(clocks.length === 0 ? [] : [`Clock:         at most ${off} s off`]),
  ];
}
