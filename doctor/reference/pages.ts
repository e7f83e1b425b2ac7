import { readFileSync } from "node:fs";
import { CATALOGUE, RULES } from "../causes/index.ts";
import { allRulesText, causeIdsText } from "./all-rules.ts";
import { codesPage } from "./codes-page.ts";
import { evidencePage } from "./evidence-page.ts";

/** The files of doctor/ that are made from its sources, by name. */
export function pages(): Readonly<Record<string, string>> {
  const example = readFileSync(new URL("evidence-example.yaml", import.meta.url), "utf8");
  return {
    "causes/all.ts": allRulesText(),
    "check/cause-ids.ts": causeIdsText(CATALOGUE.flatMap(({ causes }) => causes.map(({ id }) => id))),
    "CODES.md": codesPage(RULES),
    "EVIDENCE.md": evidencePage(example),
  };
}
