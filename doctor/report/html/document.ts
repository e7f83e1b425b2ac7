import { hash } from "node:crypto";
import { VERSION } from "../../../token/hot/version.ts";
import type { DoctorReport } from "../report-schema.ts";
import { printable } from "../short-arns.ts";
import { type Fleet, fleetIndex, inOrderOfTrouble, prefixOf } from "./fleet-index.ts";
import { el, type HtmlElement } from "./node.ts";
import { reportSections, shortName, shownReport, verdictWords } from "./report.ts";
import { STYLE } from "./style.ts";
import { escaped, htmlText } from "./write-text.ts";

interface DocumentHead {
  readonly title: string;
  readonly policy: readonly string[];
  /** Further lines of the head. */
  readonly more?: readonly string[];
}

/**
 * A whole document. `policy` are the directives of its Content Security Policy, which comes before everything that it governs.
 */
export function documentText({ title, policy, more = [] }: DocumentHead, body: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${escaped(policy.join("; "))}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
${more.map((line) => `${line}\n`).join("")}<style>${STYLE}</style>
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

/** What a report was made of, without its secrets: a bundle. */
interface ReportedEvidence {
  readonly gatheredAt?: string | undefined;
}

/**
 * A report as a document of its own: no script, and nothing from elsewhere. The evidence is in it as data, so that the doctor's page
 * can open the case again.
 */
export function htmlReport(raw: DoctorReport, evidence?: ReportedEvidence): string {
  const report = shownReport(raw);
  const verdict = verdictWords(report);
  const who = report.identity.username ?? report.identity.arn;
  return staticDocument(
    report.context === undefined ? verdict : `${report.context}: ${verdict}`,
    [
      madeLine([evidence?.gatheredAt, report.tried, who && `as ${who}`]),
      el("main", {}, ...reportSections(report, { place: "document" })),
    ],
    evidence,
  );
}

/** The outcome for several contexts. */
interface HtmlFleet extends Fleet {
  readonly gatheredAt?: string | undefined;
}

/** An index of reports, those in trouble first, and the reports of these behind it. */
export function htmlFleet({ gatheredAt, ...raw }: HtmlFleet): string {
  const fleet = { ...printable(raw, { unicode: true }), reports: raw.reports.map(shownReport) };
  const troubled = inOrderOfTrouble(fleet.reports).filter(
    ({ healthy, warnings }) => !healthy || warnings.length > 0,
  );
  return staticDocument(`${fleet.reports.length} contexts`, [
    madeLine([gatheredAt]),
    el(
      "main",
      { class: "fleet" },
      ...fleetIndex(fleet),
      ...troubled.map((report, index) =>
        el(
          "article",
          { "aria-label": `Context ${shortName(report.context ?? "-")}` },
          ...reportSections(report, { prefix: prefixOf(index), place: "fleet" }),
          el("p", { class: "small back" }, el("a", { href: "#index" }, "Back to the list")),
        ),
      ),
    ),
  ]);
}

/** Who made it, when, and of what. */
function madeLine(parts: readonly (string | undefined)[]): HtmlElement {
  const words = [`version ${VERSION}`, ...parts.filter((part) => part !== undefined)];
  return el(
    "header",
    { class: "top" },
    el("strong", {}, "kubectl vouch doctor"),
    el("span", {}, ` ${words.join(" · ")}`),
  );
}

function staticDocument(title: string, body: readonly HtmlElement[], evidence?: ReportedEvidence): string {
  const data =
    evidence === undefined
      ? []
      : [`<script type="application/json" id="evidence">${dataText(evidence)}</script>`];
  return documentText({ title: `kubectl vouch doctor – ${title}`, policy: POLICY }, [
    ...body.map(htmlText),
    ...data,
  ]);
}

/** JSON in which no sign begins or ends an element, or turns a line. */
function dataText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069\u007f-\u009f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
