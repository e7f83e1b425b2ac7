import { localTimeOf } from "../../token/text/local-time.ts";
import { shown } from "../../token/text/printable.ts";
import type { RenderedFix } from "../fixes/render-fix.ts";
import { CASE_FILE } from "./admin-message.ts";
import { Pen, type PenOptions } from "./pen.ts";
import { printable } from "./printable.ts";
import type { DoctorReport, ReportedCause, ReportedFinding, ReportedSuspicion } from "./report-schema.ts";
import {
  audienceWords,
  BESIDE_CAUSE,
  causeCodes,
  countWords,
  headWords,
  healthyWords,
  identityWords,
  NEXT_STEP,
  neededWords,
  notSeenWords,
  unknownWords,
} from "./words.ts";

export interface TextOptions extends PenOptions {
  /** List every rule that passed. */
  readonly verbose: boolean;
  /** The file with the evidence; undefined: none was requested. */
  readonly saved?: string | undefined;
}

/** The report for people: first the chain and what is wrong in it, last the fixes, where people look. */
export function textReport(raw: DoctorReport, options: TextOptions): string {
  const report = printable(raw, options);
  const pen = new Pen(options);
  writeChain(pen, headWords(report), report);
  if (report.healthy) writeHealthy(pen, report);
  else if (report.rootCauses.length === 0) writeUnknown(pen, report, options.verbose);
  for (const cause of report.rootCauses) {
    pen.line("");
    writeCause(pen, cause);
  }
  if (report.rootCauses.length > 0 && report.suspicions.length > 0)
    writeSuspicions(pen, BESIDE_CAUSE, report);
  writeWarnings(pen, report);
  if (options.verbose) writeIdentity(pen, report);
  for (const cause of report.rootCauses) writeFixes(pen, cause);
  writeMessage(pen, report, options.saved);
  writeLimits(pen, report, options.verbose);
  return pen.text;
}

/** `Context lab: kubeconfig ✓ plugin ✓ … mapping ✗ authorization ?` */
function writeChain(pen: Pen, head: string, { chain }: DoctorReport): void {
  const { good, bad, unseen } = pen.sign;
  const sign = { proved: pen.ink.green(good), broken: pen.ink.red(bad), unseen: pen.ink.dim(unseen) };
  pen.paragraph(`${head}: `, chain.map(({ stage, state }) => `${stage} ${sign[state]}`).join(" "));
}

function writeHealthy(pen: Pen, report: DoctorReport): void {
  pen.paragraph(`${pen.ink.green(pen.sign.good)} `, healthyWords(report));
}

function writeUnknown(pen: Pen, report: DoctorReport, isVerbose: boolean): void {
  const { unknown, suspicions } = report;
  if (suspicions.length > 0) {
    writeSuspicions(pen, unknownWords(report), report);
    if (report.context === undefined) writeNextStep(pen, report);
    return;
  }
  pen.line("");
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, unknownWords(report));
  const next = unknown?.fetchNext ?? [];
  if (next.length > 0) pen.line("  Collect next:");
  for (const { part, command } of next) {
    pen.line(`    ${pen.sign.dot} ${part}`);
    pen.line(`      ${command}`);
  }
  if (!isVerbose) writeNotSeen(pen, report);
}

/** One block to paste into a shell: what it prints decides. */
function writeNextStep(pen: Pen, { unknown }: DoctorReport): void {
  const commands = (unknown?.fetchNext ?? []).map(({ command }) => command);
  if (commands.length === 0) return;
  pen.line("");
  pen.paragraph("  ", NEXT_STEP);
  for (const command of commands) pen.line(`    ${command}`);
}

function writeSuspicions(pen: Pen, heading: string, { suspicions }: DoctorReport): void {
  pen.line("");
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, heading);
  for (const [index, suspicion] of suspicions.entries()) writeSuspicion(pen, index + 1, suspicion);
}

function writeSuspicion(pen: Pen, rank: number, suspicion: ReportedSuspicion): void {
  const { causes, summary, hints, audience, confirmedBy } = suspicion;
  pen.paragraph(`  ${rank}. `, `${summary} [${causeCodes(causes)}]`);
  for (const hint of hints) pen.paragraph(`     ${pen.sign.dot} `, hint, 7);
  pen.paragraph(`     ${audienceWords(audience)}: `, confirmedBy, 7);
}

function writeCause(pen: Pen, cause: ReportedCause): void {
  pen.paragraph(
    `${pen.ink.red(pen.sign.bad)} ${pen.ink.bold(cause.cause)} `,
    `${cause.confidence}: ${cause.summary} [${cause.code}]`,
  );
  for (const sentence of cause.evidence) pen.paragraph(`    ${pen.sign.dot} `, sentence);
  pen.paragraph("  Not the cause if: ", cause.falsifiedBy);
  for (const { cause: row, summary } of cause.explains)
    pen.paragraph("  Also explains: ", `${row}: ${summary}`);
}

function writeWarnings(pen: Pen, { warnings }: DoctorReport): void {
  for (const warning of warnings) {
    pen.paragraph(
      `${pen.ink.yellow(pen.sign.odd)} ${warning.cause} `,
      `${warning.summary} [${warning.code}]`,
    );
    const [command] = warning.fixes.flatMap(({ commands }) => commands);
    if (command !== undefined) pen.line(`    ${command}`);
  }
}

function writeIdentity(pen: Pen, report: DoctorReport): void {
  const known = identityWords(report, localTimeOf);
  if (known.length > 0) pen.line("");
  for (const [name, value] of known) pen.paragraph(`  ${`${name}:`.padEnd(17)}`, value, 19);
}

/** Never wrapped, so that it can be pasted. */
function writeMessage(pen: Pen, { adminMessage }: DoctorReport, saved: string | undefined): void {
  if (adminMessage === undefined) return;
  pen.line("");
  const attach =
    saved === undefined
      ? `run this again with --save ${CASE_FILE}, and attach that file`
      : `attach ${shown(saved)}`;
  pen.paragraph(`${pen.ink.green("Message")} `, `to your cluster admin (${attach}):`);
  for (const line of adminMessage.trimEnd().split("\n")) pen.line(`    ${line}`);
}

function writeLimits(pen: Pen, report: DoctorReport, verbose: boolean): void {
  const { checked, notSeen } = report;
  pen.line("");
  const counts = countWords(checked);
  const unseen = notSeen.length === 0 ? "" : `; not seen: ${notSeen.map(({ part }) => part).join(", ")}`;
  pen.paragraph("  Checked: ", verbose ? `${counts}.` : `${counts}${unseen} (-v says more).`);
  if (!verbose) return;
  writeNotSeen(pen, report);
  const { passed, notApplicable, undecided } = checked;
  for (const { code, expects } of passed) pen.paragraph(`  ${pen.sign.good} `, `${expects} [${code}]`);
  for (const { code, why } of notApplicable) pen.paragraph("    does not apply: ", `${why} [${code}]`);
  for (const { code, missing } of undecided)
    pen.paragraph(`  ${pen.sign.odd} could not decide: `, `${neededWords(missing)} [${code}]`);
}

function writeNotSeen(pen: Pen, report: DoctorReport): void {
  for (const words of notSeenWords(report)) pen.paragraph(`  ${pen.sign.odd} could not see `, words);
}

function writeFixes(pen: Pen, cause: ReportedFinding): void {
  for (const fix of cause.fixes) {
    pen.line("");
    pen.paragraph(
      `${pen.ink.green("Fix")} ${cause.cause} (${audienceWords(fix.audience)}): `,
      fix.description,
    );
    writeCommands(pen, fix);
  }
}

/** Commands are never wrapped, so that they can be pasted. */
function writeCommands(pen: Pen, { commands, text, unprintable }: RenderedFix): void {
  for (const command of commands) pen.line(`    ${command}`);
  if (text !== undefined) for (const line of text.trimEnd().split("\n")) pen.line(`    ${line}`);
  for (const reason of unprintable) pen.paragraph("    No command is printed: ", `${reason}.`);
}
