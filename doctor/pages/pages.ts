import { readFileSync } from "node:fs";
import { EVIDENCE_SCHEMA } from "../evidence/schema/evidence-schema.ts";
import { REPORT_SCHEMA } from "../report/report-schema.ts";
import { RULES } from "../rules/index.ts";
import { allRulesText } from "./all-rules.ts";
import { codesPage } from "./codes-page.ts";
import { evidencePage } from "./evidence-page.ts";
import { schemaFile } from "./schema-file.ts";

/** The files of doctor/ that are made from its sources, by name. */
export function pages(): Readonly<Record<string, string>> {
  const example = readFileSync(new URL("evidence-example.yaml", import.meta.url), "utf8");
  return {
    "rules/all.ts": allRulesText(),
    "CODES.md": codesPage(RULES),
    "EVIDENCE.md": evidencePage(example),
    "evidence.schema.json": schemaFile(EVIDENCE_SCHEMA, "DoctorEvidence"),
    "report.schema.json": schemaFile(REPORT_SCHEMA, "DoctorReport"),
  };
}
