import { CATALOGUE } from "../causes/index.ts";
import type { CauseId } from "../check/cause-ids.ts";
import type { Cause, Rule } from "../check/rule.ts";
import { markdownTable } from "./markdown-table.ts";

const HEAD = `# Causes and codes

Written by \`npm run codes\`; do not edit.

A _cause_ is one way in which a call to an EKS cluster fails. A _code_ is the name of the rule that finds it.
\`kubectl vouch explain\` accepts either. The causes marked \\* are not confirmed yet, so they are never reported as certain.`;

/** CODES.md: every row of the catalogue, the rules that find it, and what healthy means to each rule. */
export function codesPage(rules: readonly Rule[]): string {
  const sections = CATALOGUE.map(({ title, causes }) =>
    [
      `\n## ${title}\n`,
      markdownTable(
        ["cause", "what is broken", "symptom", "code"],
        causes.map((cause) => tableRow(cause, rules)),
      ),
    ].join("\n"),
  );
  return [HEAD, ...sections, codes(rules)].join("\n");
}

function tableRow({ id, what, seen, sameAs = [], isUnconfirmed }: Cause, rules: readonly Rule[]): string[] {
  const found = rulesOf(id, rules).map(({ code }) => `[${code}](#${code})`);
  const other = sameAs.length === 0 ? "" : ` Same fault as ${sameAs.join(", ")}.`;
  return [
    `${id}${isUnconfirmed === true ? "\\*" : ""}`,
    cell(`${what}${other}`),
    cell(seen),
    found.join(", "),
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
