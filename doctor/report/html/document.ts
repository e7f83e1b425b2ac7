import { hash } from "node:crypto";
import type { OtherContext } from "../other-context.ts";
import { printable } from "../printable.ts";
import type { DoctorReport } from "../report-schema.ts";
import { drawnLinks } from "./links.ts";
import { el, type HtmlElement } from "./node.ts";
import { reportSections, verdictWords } from "./report.ts";
import { STYLE } from "./style.ts";
import { escaped, htmlText } from "./write-text.ts";

/**
 * A whole document. `policy` are the directives of its Content Security Policy, which comes before everything that it governs.
 */
export function documentText(
  {
    title,
    policy,
    style,
  }: { readonly title: string; readonly policy: readonly string[]; readonly style: string },
  body: readonly string[],
): string {
  return `<!DOCTYPE html>
<html lang="en" translate="no">
<head>
<meta http-equiv="Content-Security-Policy" content="${escaped(policy.join("; "))}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body.join("\n")}
</body>
</html>
`;
}

/** The source expression by which a policy allows one script or style. Source: https://www.w3.org/TR/CSP3/, 2.3.1. */
export function sourceHash(text: string): string {
  return `'sha256-${hash("sha256", text, "base64")}'`;
}

/** A report may only be shown. It has no script, so that a server with a stricter policy breaks nothing but the style. */
const POLICY = [
  "default-src 'none'",
  `style-src ${sourceHash(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
];

/** A report as a document of its own: no script, and nothing from elsewhere. */
export function htmlReport(raw: DoctorReport): string {
  const report = printable(raw, { unicode: true });
  const verdict = verdictWords(report);
  return staticDocument(report.context === undefined ? verdict : `${report.context}: ${verdict}`, [
    el("h1", {}, "kubectl vouch doctor"),
    ...reportSections(report, { isOpen: true }),
  ]);
}

/** The outcome for several contexts. */
export interface HtmlFleet {
  readonly reports: readonly DoctorReport[];
  readonly notChecked: readonly OtherContext[];
  readonly skipped: readonly OtherContext[];
}

/** A table of reports, and the reports behind it. */
export function htmlFleet(raw: HtmlFleet): string {
  const { reports, notChecked, skipped } = printable(raw, { unicode: true });
  const rows = reports.map((report, index) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("a", { href: `#${prefixOf(index)}verdict` }, report.context ?? "-")),
      el("td", {}, report.cluster ?? ""),
      el("td", {}, verdictWords(report)),
      el("td", {}, report.rootCauses[0]?.summary ?? brokenAt(report)),
    ),
  );
  return staticDocument(`${reports.length} contexts`, [
    el("h1", {}, "kubectl vouch doctor"),
    table(["Context", "Cluster", "Verdict", "What"], rows),
    ...others("Not checked", notChecked),
    ...others("Skipped", skipped),
    ...reports.map((report, index) =>
      el("article", {}, ...reportSections(report, { prefix: prefixOf(index), isOpen: false })),
    ),
  ]);
}

function prefixOf(index: number): string {
  return `context-${index + 1}-`;
}

/** `refused at authorization`, where no cause is known. */
function brokenAt(report: DoctorReport): string {
  return drawnLinks(report)
    .filter(({ state }) => state === "refusing")
    .map(({ name }) => `refused at ${name}`)
    .join(", ");
}

function table(headings: readonly string[], rows: readonly HtmlElement[]): HtmlElement {
  const heads = headings.map((heading) => el("th", { scope: "col" }, heading));
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

function others(heading: string, contexts: readonly OtherContext[]): HtmlElement[] {
  if (contexts.length === 0) return [];
  const lines = contexts.map(({ context, why }) => el("li", {}, `${context}: ${why}`));
  return [el("section", {}, el("h2", {}, heading), el("ul", {}, ...lines))];
}

function staticDocument(title: string, body: readonly HtmlElement[]): string {
  const main = htmlText(el("main", {}, ...body));
  return documentText({ title: `kubectl vouch doctor – ${title}`, policy: POLICY, style: STYLE }, [main]);
}
