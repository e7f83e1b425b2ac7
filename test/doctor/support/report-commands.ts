import type { DoctorReport } from "../../../doctor/report/report-schema.ts";

/** Every command of a report, also those in its sentences. */
export function commandsOf({ rootCauses, warnings, suspicions, unknown }: DoctorReport): string[] {
  const findings = [...rootCauses, ...warnings];
  const fixes = findings.flatMap((finding) => finding.fixes);
  const sentences = [
    ...findings.flatMap(({ summary, evidence, falsifiedBy }) => [summary, ...evidence, falsifiedBy]),
    ...fixes.map(({ description }) => description),
    ...suspicions.map(({ confirmedBy }) => confirmedBy),
    ...(unknown?.fetchNext ?? []).map(({ command }) => command),
  ];
  const quoted = sentences.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, line = ""]) => line));
  const lines = [
    ...fixes.flatMap(({ commands }) => commands),
    ...(unknown?.fetchNext ?? []).map(({ command }) => command),
    ...quoted,
  ];
  return lines.flatMap((line) => line.split(" | "));
}
