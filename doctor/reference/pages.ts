import { readFileSync } from "node:fs";
import { RULES } from "../rules/index.ts";
import { allRulesText } from "./all-rules.ts";
import { codesPage } from "./codes-page.ts";
import { evidencePage } from "./evidence-page.ts";

/** The files of doctor/ that are made from its sources, by name. */
export function pages(): Readonly<Record<string, string>> {
  const example = readFileSync(new URL("evidence-example.yaml", import.meta.url), "utf8");
  return {
    "rules/all.ts": allRulesText(),
    "CODES.md": codesPage(RULES),
    "EVIDENCE.md": evidencePage(example),
  };
}
