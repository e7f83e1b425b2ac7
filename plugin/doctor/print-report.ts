import {
  type DoctorEvidence,
  type DoctorReport,
  githubAnnotations,
  htmlReport,
  junitReport,
  shortReport,
  textReport,
} from "../../doctor/doctor.ts";
import { shownLines } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import { yamlText } from "../terminal/output.ts";
import { type ColorChoice, showsUnicode, style, textWidth } from "../terminal/style.ts";
import type { ReportChoice } from "./doctor-options.ts";

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
  if (options.output === "text") app.io.paint("out", reportText(app, report, options));
  else if (options.output === "message") printMessage(app, report);
  else app.io.out(forPrograms(report, options.output, options.bundle));
}

function forPrograms(
  report: DoctorReport,
  output: Exclude<ReportChoice, "text" | "message">,
  bundle: DoctorEvidence | undefined,
): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "yaml":
      return yamlText(report);
    case "junit":
      return junitReport([report]);
    case "github":
      return githubAnnotations([report]);
    case "short":
      return shortReport(report);
    case "html":
      return htmlReport(report, bundle);
  }
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
