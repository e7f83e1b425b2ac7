import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import type { FixFormat } from "../../../doctor/fixes/fix-format.ts";
import { doctorReport } from "../../../doctor/report/doctor-report.ts";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import type { Shell } from "../../../token/command/render-command.ts";
import { healthyBundle, unauthorized } from "./bundle.ts";
import { mappingFault, mode } from "./mapping-faults.ts";

/** The report on a bundle, by all rules. */
export function reportOn(
  bundle: DoctorEvidence,
  {
    shell = "bash",
    format = "aws",
    caseFile,
    adminContext,
    isSaved,
  }: {
    readonly shell?: Shell;
    readonly format?: FixFormat;
    readonly caseFile?: string | undefined;
    readonly adminContext?: string;
    readonly isSaved?: boolean;
  } = {},
): DoctorReport {
  const facts = deriveFacts(bundle);
  return doctorReport(diagnose(RULES, facts), facts, { shell, format, caseFile, adminContext, isSaved });
}

/** The cases that golden files show. */
export const CASES: Readonly<Record<string, DoctorEvidence>> = {
  healthy: healthyBundle(),
  stale: mappingFault("E3"),
  "without-rights": mappingFault("E5"),
  unexplained: unauthorized({
    ...mode("API"),
    accessEntries: { failed: "AccessDeniedException: not authorized to perform: eks:ListAccessEntries" },
    accessEntryDetails: {
      failed: "AccessDeniedException: not authorized to perform: eks:DescribeAccessEntry",
    },
    awsAuth: { failed: "error: You must be logged in to the server (Unauthorized)" },
  }),
};

/** How many rules of each outcome golden files list. */
const LISTED = 2;

/**
 * The reports that golden files show. They list and count few of the rules that found nothing, so a new rule changes no golden
 * file.
 */
export function goldenReports(): DoctorReport[] {
  return Object.values(CASES).map((bundle) => {
    const report = reportOn(bundle);
    const { passed, notApplicable, undecided } = report.checked;
    return {
      ...report,
      chain: report.chain.map(({ checks, looked, ...link }) => ({
        ...link,
        checks: Math.min(checks, LISTED),
        looked: Math.min(looked, LISTED),
      })),
      checked: {
        passed: passed.slice(0, LISTED),
        notApplicable: notApplicable.slice(0, LISTED),
        undecided: undecided.slice(0, LISTED),
      },
    };
  });
}

/** The report with one link of each state: golden files that write much of each need no more. */
export function withFewLinks(report: DoctorReport): DoctorReport {
  const firsts = new Map(report.chain.toReversed().map((link) => [link.state, link]));
  return { ...report, chain: report.chain.filter((link) => firsts.get(link.state) === link) };
}
