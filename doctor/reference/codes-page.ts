import { CATALOGUE } from "../causes/index.ts";
import type { CauseId } from "../check/cause-ids.ts";
import type { Cause, Rule } from "../check/rule.ts";

const HEAD = `# Causes and codes

Written by \`npm run codes\`; do not edit.

A _cause_ is one way in which a call to an EKS cluster fails; a _rule_ looks for it. \`kubectl vouch explain\` accepts the code of
either.`;

/** CODES.md: every cause of the catalogue, under its id, so that `#e3` leads to it, and the rules that find it. */
export function codesPage(rules: readonly Rule[]): string {
  const sections = CATALOGUE.flatMap(({ title, causes }) => [
    `## ${title}`,
    ...causes.map((cause) => section(cause, rules)),
  ]);
  return `${[HEAD, ...sections].join("\n\n")}\n`;
}

function section(cause: Cause, rules: readonly Rule[]): string {
  const { id, what, seen, remedy, sameAs = [], isUnconfirmed, page } = cause;
  const items = [
    `Symptoms: ${plain(seen)}`,
    `What to do: ${plain(remedy)}`,
    ...rulesOf(id, rules).map(({ code, expects }) => `Rule: \`${code}\` (${plain(expects)})`),
    ...(sameAs.length === 0 ? [] : [`Same fault as ${sameAs.map(link).join(", ")}`]),
    ...(isUnconfirmed === true ? ["Not confirmed yet, so it is never reported as certain"] : []),
    ...(page === undefined ? [] : [`Read more: <${page}>`]),
  ];
  return [`### ${id}`, plain(what), items.map((item) => `- ${item}`).join("\n")].join("\n\n");
}

function link(id: CauseId): string {
  return `[${id}](#${id.toLowerCase()})`;
}

function rulesOf(id: CauseId, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ causes }) => causes.includes(id));
}

/** A text that means nothing to Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[*<]/g, "\\$&");
}
