import { type DoctorReport, junitReport, shortReport, textReport } from "../../doctor/doctor.ts";
import type { Env } from "../../token/env.ts";
import type { App } from "../app.ts";
import { API_VERSION, yamlText } from "../terminal/output.ts";
import { type ColorChoice, style } from "../terminal/style.ts";
import { textWidth } from "../terminal/text-width.ts";
import type { ReportChoice } from "./doctor-options.ts";

export interface PrintOptions {
  readonly output: ReportChoice;
  readonly verbose: boolean;
  readonly color: ColorChoice;
  /** Several contexts were asked for: programs get a list, also when there is only one. */
  readonly isList: boolean;
  /** File that the evidence was saved to. */
  readonly saved?: string | undefined;
}

/** Prints what was found, for people or programs. */
export function printReports(app: App, reports: readonly DoctorReport[], options: PrintOptions): void {
  const { output, isList } = options;
  const [first] = reports;
  const object = isList ? { apiVersion: API_VERSION, kind: "DoctorReportList", items: reports } : first;
  if (output === "text") app.io.paint("out", written());
  else app.io.out(written());

  function written(): string {
    switch (output) {
      case "json":
        return `${JSON.stringify(object, null, 2)}\n`;
      case "yaml":
        return yamlText(object ?? {});
      case "junit":
        return junitReport(reports);
      case "short":
        return reports.map(shortReport).join("");
      case "text":
        return reports
          .map((report) => (isList ? shortReport(report) : asText(app, report, options)))
          .join("");
    }
  }
}

function asText(app: App, report: DoctorReport, { verbose, color, saved }: PrintOptions): string {
  return textReport(report, {
    width: textWidth(app),
    color: style(app, "out", color).level > 0,
    unicode: showsUnicode(app.env, app.platform),
    verbose,
    saved,
  });
}

/** Whether the terminal shows more than ASCII. Source: POSIX, 8.2 (LC_ALL, LC_CTYPE, LANG). */
function showsUnicode(env: Env, platform: NodeJS.Platform): boolean {
  if (platform === "win32") return env["WT_SESSION"] !== undefined || env["TERM_PROGRAM"] !== undefined;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return /utf-?8/i.test(locale);
}
