import { readFileSync } from "node:fs";
import { codesPage } from "./catalogue/codes-page.ts";
import { evidencePage } from "./evidence/schema/evidence-page.ts";
import { EVIDENCE_SCHEMA } from "./evidence/schema/evidence-schema.ts";
import { schemaFile } from "./evidence/schema/schema-file.ts";
import { REPORT_SCHEMA } from "./report/report-schema.ts";
import { RULES } from "./rules/index.ts";

/** The files of doctor/ that are made from its sources, by name. */
export function pages(): Readonly<Record<string, string>> {
  const example = readFileSync(new URL("evidence/schema/evidence-example.yaml", import.meta.url), "utf8");
  return {
    "CODES.md": codesPage(RULES),
    "EVIDENCE.md": evidencePage(example),
    "evidence.schema.json": schemaFile(EVIDENCE_SCHEMA, "DoctorEvidence"),
    "report.schema.json": schemaFile(REPORT_SCHEMA, "DoctorReport"),
  };
}
