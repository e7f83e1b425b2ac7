import type { OtherContext } from "./other-context.ts";
import type { DoctorReport } from "./report-schema.ts";
import { neededWords } from "./words.ts";

/** Contexts without a report: those that were skipped, and those that could not be checked. */
interface OtherContexts {
  readonly skipped?: readonly OtherContext[];
  readonly notChecked?: readonly OtherContext[];
}

/** JUnit XML: one suite per context, one case per rule; an unexplained failure is an error of its own. */
export function junitReport(
  reports: readonly DoctorReport[],
  { skipped = [], notChecked = [] }: OtherContexts = {},
): string {
  const suites = [
    ...reports.map(suite),
    ...notChecked.map((other) => otherSuite(other, "error")),
    ...skipped.map((other) => otherSuite(other, "skipped")),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl vouch doctor">\n${suites.join("")}</testsuites>\n`;
}

function suite({ context = "-", rootCauses, checked, unknown, warnings }: DoctorReport): string {
  const failures = rootCauses.map(
    ({ code, cause, confidence, summary, evidence, fixes }) =>
      `    <testcase classname="${xml(context)}" name="${xml(code)}">\n` +
      `      <failure type="${xml(cause)}" message="${xml(`${confidence}: ${summary}`)}">` +
      `${xml([...evidence, ...fixes.flatMap(({ description, commands }) => [description, ...commands])].join("\n"))}</failure>\n    </testcase>\n`,
  );
  const unexplained =
    unknown === undefined
      ? []
      : [
          `    <testcase classname="${xml(context)}" name="cause-unknown">\n      <error type="unknown" message="${xml(unknown.symptom)}">` +
            `${xml(unknown.fetchNext.map(({ part, command }) => `${part}: ${command}`).join("\n"))}</error>\n    </testcase>\n`,
        ];
  const passed = checked.passed.map(
    ({ code }) => `    <testcase classname="${xml(context)}" name="${xml(code)}"/>\n`,
  );
  const skipped = [
    ...checked.notApplicable.map(({ code, why }) => ({ code, message: why })),
    ...checked.undecided.map(({ code, missing }) => ({ code, message: neededWords(missing) })),
  ].map(
    ({ code, message }) =>
      `    <testcase classname="${xml(context)}" name="${xml(code)}">\n      <skipped message="${xml(message)}"/>\n    </testcase>\n`,
  );
  const odd = warnings.map(
    ({ code, summary }) =>
      `    <testcase classname="${xml(context)}" name="${xml(code)}">\n      <system-out>${xml(summary)}</system-out>\n    </testcase>\n`,
  );
  const total = failures.length + unexplained.length + passed.length + odd.length + skipped.length;
  return (
    `  <testsuite name="${xml(context)}" tests="${total}" failures="${failures.length}" errors="${unexplained.length}" skipped="${skipped.length}">\n` +
    `${[...failures, ...unexplained, ...odd, ...passed, ...skipped].join("")}  </testsuite>\n`
  );
}

function otherSuite({ context, why }: OtherContext, how: "error" | "skipped"): string {
  const outcome =
    how === "error"
      ? `<error type="not-checked" message="${xml(why)}"/>`
      : `<skipped message="${xml(why)}"/>`;
  const counts = `tests="1" failures="0" errors="${how === "error" ? 1 : 0}" skipped="${how === "error" ? 0 : 1}"`;
  return (
    `  <testsuite name="${xml(context)}" ${counts}>\n` +
    `    <testcase classname="${xml(context)}" name="doctor">\n      ${outcome}\n    </testcase>\n  </testsuite>\n`
  );
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
