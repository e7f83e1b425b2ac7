import { readFileSync } from "node:fs";
import { codesPage } from "./catalogue/codes-page.ts";
import { RULES } from "./rules/index.ts";
import { evidencePage } from "./schema/evidence-page.ts";
import { EVIDENCE_SCHEMA } from "./schema/evidence-schema.ts";
import { REPORT_SCHEMA } from "./schema/report-schema.ts";
import { schemaFile } from "./schema/schema-file.ts";

/** The files of doctor/ that are made from its sources, by name. */
export function pages(): Readonly<Record<string, string>> {
  const example = readFileSync(new URL("schema/evidence-example.yaml", import.meta.url), "utf8");
  return {
    "CODES.md": codesPage(RULES),
    "EVIDENCE.md": evidencePage(example),
    "evidence.schema.json": schemaFile(EVIDENCE_SCHEMA, "DoctorEvidence"),
    "report.schema.json": schemaFile(REPORT_SCHEMA, "DoctorReport"),
  };
}
