import type { DoctorReport, OtherContexts } from "./report-schema.ts";
import { unknownWords } from "./words.ts";

type Outcome = "passed" | "failure" | "error" | "skipped";

/** A context as a test: what came of it, and the elements that say so. */
interface Case {
  readonly context: string;
  readonly outcome: Outcome;
  readonly elements: readonly string[];
}

/** JUnit XML: a test per context. A cause is a failure; without one, a call that fails is an error. */
export function junitReport(
  reports: readonly DoctorReport[],
  { skipped = [], notChecked = [] }: OtherContexts = {},
): string {
  const cases = [
    ...reports.map(caseOf),
    ...notChecked.map(({ context, why }) => other(context, "error", why)),
    ...skipped.map(({ context, why }) => other(context, "skipped", why)),
  ];
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl vouch doctor">\n  <testsuite name="kubectl vouch doctor" ${counts}>\n${cases.map(written).join("")}  </testsuite>\n</testsuites>\n`;
}

function caseOf(report: DoctorReport): Case {
  const { context = "-", rootCauses, unknown, warnings } = report;
  const failures = rootCauses.map(({ cause, confidence, summary, evidence, fixes }) => {
    const lines = [...evidence, ...fixes.flatMap(({ description, commands }) => [description, ...commands])];
    return element("failure", { type: cause, message: `${confidence}: ${summary}` }, lines);
  });
  const errors =
    unknown === undefined
      ? []
      : [
          element("error", { type: "unknown", message: unknownWords(report) }, [
            ...report.suspicions.map(({ summary, causes }) => `${summary} (${causes.join(", ")})`),
            ...unknown.fetchNext.map(({ part, command }) => `${part}: ${command}`),
          ]),
        ];
  const notes = warnings.map(({ cause, summary }) => `${cause}: ${summary}`);
  return {
    context,
    outcome: failures.length > 0 ? "failure" : errors.length > 0 ? "error" : "passed",
    elements: [...failures, ...errors, ...(notes.length === 0 ? [] : [element("system-out", {}, notes)])],
  };
}

function other(context: string, outcome: "error" | "skipped", why: string): Case {
  const type = outcome === "error" ? { type: "not-checked" } : {};
  return { context, outcome, elements: [element(outcome, { ...type, message: why }, [])] };
}

function written({ context, elements }: Case): string {
  const opening = `    <testcase classname="doctor" name="${xml(context)}"`;
  return elements.length === 0
    ? `${opening}/>\n`
    : `${opening}>\n${elements.map((one) => `      ${one}\n`).join("")}    </testcase>\n`;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  lines: readonly string[],
): string {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${xml(value)}"`)].join(
    " ",
  );
  return lines.length === 0 ? `<${opening}/>` : `<${opening}>${xml(lines.join("\n"))}</${name}>`;
}

/** Text for an attribute or an element, without characters that XML 1.0 does not allow. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
