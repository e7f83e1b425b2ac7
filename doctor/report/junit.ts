import type { DoctorReport } from "./report-schema.ts";
import { neededText } from "./text.ts";

/** JUnit's XML: one suite per context, one case per rule; an unexplained failure is an error of its own. */
export function junitReport(reports: readonly DoctorReport[]): string {
  const suites = reports.map(suite);
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
    ...checked.undecided.map(({ code, missing }) => ({ code, message: neededText(missing) })),
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

/** Text for an attribute or an element; what XML 1.0 cannot hold is left out. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
