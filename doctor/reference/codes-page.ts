import type { CatalogueRow } from "../catalogue/catalogue-row.ts";
import { LIVE_ROWS, UNCOVERED_ROWS } from "../catalogue/coverage.ts";
import { CATALOGUE, type CauseId } from "../catalogue/rows.ts";
import type { Rule } from "../check/rule.ts";
import { markdownTable } from "./markdown-table.ts";

const HEAD = `# Causes and codes

Written by \`npm run codes\`; do not edit.

A _cause_ is a row of the catalogue: one way in which a call to an EKS cluster fails. A _code_ names the rule that finds it.
\`kubectl vouch explain\` takes either. _decided by_ lists the parts of the evidence ([EVIDENCE.md](EVIDENCE.md)), the most
telling first. _proof_: \`live\` means that the lab injects the fault, real kubectl fails, the doctor names the cause, and the
printed fix makes kubectl work again; \`bundle\` means that it is tested on an evidence bundle only. Nobody has confirmed the
causes marked \\* yet, and they are never called certain.
`;

/** CODES.md: every row of the catalogue, the rules that find it, and what healthy means to each rule. */
export function codesPage(rules: readonly Rule[]): string {
  const sections = CATALOGUE.map(({ title, rows }) =>
    [
      `\n## ${title}\n`,
      markdownTable(
        ["cause", "what is broken", "what one sees", "code", "decided by", "proof"],
        rows.map((row) => tableRow(row, rules)),
      ),
    ].join("\n"),
  );
  return [HEAD, summary(rules), ...sections, codes(rules)].join("\n");
}

/** How many causes are covered, and how. */
function summary(rules: readonly Rule[]): string {
  const rows = CATALOGUE.flatMap((section) => section.rows);
  const covered = rows.filter(({ id }) => rulesOf(id, rules).length > 0);
  const live = covered.filter(({ id }) => LIVE_ROWS.has(id));
  return (
    `${rows.length} causes: ${live.length} proven live, ${covered.length - live.length} by bundle only, ` +
    `${rows.length - covered.length} not found by any rule.`
  );
}

function tableRow(
  { id, cause, seen, decides, sameAs = [], isUnconfirmed }: CatalogueRow & { readonly id: CauseId },
  rules: readonly Rule[],
): string[] {
  const found = rulesOf(id, rules).map(({ code }) => `[${code}](#${code})`);
  const other = sameAs.length === 0 ? "" : ` Another view of ${sameAs.join(", ")}.`;
  const missing = UNCOVERED_ROWS[id] === undefined ? "" : `none: ${UNCOVERED_ROWS[id]}`;
  const proof = found.length === 0 ? "none" : LIVE_ROWS.has(id) ? "live" : "bundle";
  return [
    `${id}${isUnconfirmed === true ? "\\*" : ""}`,
    cell(`${cause}${other}`),
    cell(seen),
    found.length === 0 ? cell(missing) : found.join(", "),
    decides.join(", "),
    proof,
  ];
}

function codes(rules: readonly Rule[]): string {
  const sorted = [...rules].sort((a, b) => (a.code < b.code ? -1 : 1));
  const entries = sorted.map(
    ({ code, causes, expects }) => `### ${code}\n\nFinds ${causes.join(", ")}. Healthy: ${expects}.\n`,
  );
  return `\n## Codes\n\n${entries.join("\n")}`;
}

function rulesOf(id: CauseId, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ causes }) => causes.includes(id));
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
