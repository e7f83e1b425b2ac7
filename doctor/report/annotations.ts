import { shortReport } from "./overview.ts";
import type { DoctorReport, OtherContexts } from "./report-schema.ts";
import { unknownWords } from "./words.ts";

type Level = "error" | "warning" | "notice";

/**
 * Workflow commands of GitHub Actions: each finding is an annotation of the run.
 * Source: GitHub Docs, "Workflow commands for GitHub Actions".
 */
export function githubAnnotations(
  reports: readonly DoctorReport[],
  { skipped = [], notChecked = [] }: OtherContexts = {},
): string {
  return [
    ...reports.flatMap(annotationsOf),
    ...notChecked.map(({ context, why }) => annotation("error", `${context}: not checked`, [why])),
    ...skipped.map(({ context, why }) => annotation("notice", `${context}: skipped`, [why])),
  ].join("");
}

function annotationsOf(report: DoctorReport): string[] {
  const { context = "-", healthy, rootCauses, unknown, warnings } = report;
  const causes = rootCauses.map(({ cause, confidence, summary, fixes, pages }) =>
    annotation("error", `${context}: ${cause} (${confidence})`, [
      summary,
      ...(confidence === "possible" ? [] : fixes).flatMap(({ description, commands }) => [
        description,
        ...commands,
      ]),
      ...pages,
    ]),
  );
  return [
    ...(healthy ? [annotation("notice", context, [shortReport(report).trimEnd()])] : causes),
    ...(unknown === undefined
      ? []
      : [
          annotation("error", `${context}: cause unknown`, [
            unknownWords(report),
            ...report.suspicions.flatMap(({ summary, causes: codes, pages: [page] }) => [
              `${summary} (${codes.join(", ")})`,
              ...(page === undefined ? [] : [page]),
            ]),
          ]),
        ]),
    ...warnings.map(({ cause, summary }) => annotation("warning", `${context}: ${cause}`, [summary])),
  ];
}

/** One line: what follows in the text cannot be a command of its own. */
function annotation(level: Level, title: string, lines: readonly string[]): string {
  return `::${level} title=${property(title)}::${data(lines.join("\n"))}\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
