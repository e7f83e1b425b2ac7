import { shown } from "../../token/text/printable.ts";
import { localTimeOf } from "../../token/text/time.ts";
import type { RenderedFix } from "../fixes/render-fix.ts";
import { CASE_FILE } from "./admin-message.ts";
import { Pen, type PenOptions } from "./pen.ts";
import type { DoctorReport, ReportedCause, ReportedFinding, ReportedSuspicion } from "./report-schema.ts";
import { printable, withShortArns } from "./short-arns.ts";
import {
  audienceWords,
  BESIDE_CAUSE,
  causeCodes,
  countWords,
  fixWords,
  headWords,
  healthyWords,
  identityWords,
  lacksPermissions,
  neededWords,
  nextStep,
  notSeenWords,
  unknownWords,
} from "./words.ts";

export interface TextOptions extends PenOptions {
  /** Also print what was ruled out, and the details that are folded otherwise. */
  readonly verbose: boolean;
  /** The file with the evidence; undefined: none was requested. */
  readonly saved?: string | undefined;
}

/** How much is shown without `verbose`. */
const SHOWN = { evidence: 3, suspicions: 4, besides: 2 };

/** The report as text: first what is wrong, then how it is fixed and by whom, last how far the call got. */
export function textReport(raw: DoctorReport, options: TextOptions): string {
  const report = withShortArns(printable(raw, options));
  const pen = new Pen(options);
  if (report.healthy) pen.paragraph(`${pen.ink.green(pen.sign.good)} `, healthyWords(report));
  else if (report.rootCauses.length === 0) writeUnknown(pen, report, options);
  for (const cause of report.rootCauses) writeCause(pen, cause, report, options);
  if (report.rootCauses.length > 0 && report.suspicions.length > 0)
    writeSuspicions(pen, BESIDE_CAUSE, report, options);
  writeWarnings(pen, report);
  if (options.verbose) writeIdentity(pen, report);
  writeMessage(pen, report, options);
  if (report.chain.some(({ state }) => state !== "unseen")) writeChain(pen, headWords(report), report);
  if (options.verbose) writeChecked(pen, report);
  return pen.text;
}

/** `Context lab: kubeconfig ✓ plugin ✓ … mapping ✗ authorization ?` */
function writeChain(pen: Pen, head: string, { chain }: DoctorReport): void {
  const { good, bad, unseen } = pen.sign;
  pen.gap();
  const sign = { proved: pen.ink.green(good), broken: pen.ink.red(bad), unseen: pen.ink.dim(unseen) };
  pen.paragraph(`${head}: `, chain.map(({ stage, state }) => `${stage} ${sign[state]}`).join(" "));
}

function writeUnknown(pen: Pen, report: DoctorReport, options: TextOptions): void {
  const { suspicions } = report;
  if (suspicions.length > 0) {
    writeSuspicions(pen, unknownWords(report), report, options);
    if (report.context === undefined) writeNextStep(pen, report);
    return;
  }
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, unknownWords(report));
  if (report.context === undefined) writeNextStep(pen, report);
  else writeToCollect(pen, report);
  if (!options.verbose) writeNotSeen(pen, report);
}

function writeToCollect(pen: Pen, { unknown }: DoctorReport): void {
  const next = unknown?.fetchNext ?? [];
  if (next.length > 0) pen.line("  Collect next:");
  for (const { part, command } of next) {
    pen.line(`    ${pen.sign.dot} ${part}`);
    pen.line(`      ${command}`);
  }
}

/** One block to paste into a shell: what it prints decides. */
function writeNextStep(pen: Pen, { unknown }: DoctorReport): void {
  const commands = (unknown?.fetchNext ?? []).map(({ command }) => command);
  if (commands.length === 0) return;
  pen.gap();
  pen.paragraph("  ", nextStep(unknown?.runWhere ?? ""));
  for (const command of commands) pen.line(`    ${command}`);
}

function writeSuspicions(
  pen: Pen,
  heading: string,
  { suspicions, rootCauses }: DoctorReport,
  { verbose }: TextOptions,
): void {
  pen.gap();
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, heading);
  const isBeside = rootCauses.length > 0;
  const most = verbose ? suspicions.length : isBeside ? SHOWN.besides : SHOWN.suspicions;
  for (const [index, suspicion] of suspicions.slice(0, most).entries())
    writeSuspicion(pen, suspicion, { rank: index + 1, isFolded: !verbose && (isBeside || index > 0) });
  if (suspicions.length > most) pen.line(`  ${suspicions.length - most} more: -v`);
}

/** What others would have to look at is in the message to them. */
function writeSuspicion(
  pen: Pen,
  { causes, summary, hints, audience, confirmedBy }: ReportedSuspicion,
  { rank, isFolded }: { readonly rank: number; readonly isFolded: boolean },
): void {
  pen.paragraph(`  ${rank}. `, `${summary} (${causeCodes(causes)})`);
  if (!isFolded) for (const hint of hints) pen.paragraph(`     ${pen.sign.dot} `, hint, 7);
  if (!isFolded || audience === "you") pen.paragraph(`     ${audienceWords(audience)}: `, confirmedBy, 7);
}

function writeCause(
  pen: Pen,
  cause: ReportedCause,
  { adminMessage, notSeen }: DoctorReport,
  options: TextOptions,
): void {
  const { confidence, summary, evidence, falsifiedBy, explains, code } = cause;
  pen.gap();
  const codes = options.verbose ? `${cause.cause}, ${confidence}, ${code}` : `${cause.cause}, ${confidence}`;
  pen.paragraph(`${pen.ink.red(pen.sign.bad)} `, `${summary} (${codes})`);
  const most = options.verbose ? evidence.length : SHOWN.evidence;
  for (const sentence of evidence.slice(0, most)) pen.paragraph(`  ${pen.sign.dot} `, sentence);
  if (evidence.length > most) pen.line(`  ${pen.sign.dot} ${evidence.length - most} more: -v`);
  pen.paragraph("  Not the cause if: ", falsifiedBy);
  if (options.verbose)
    for (const other of explains) pen.paragraph("  Also explains: ", `${other.summary} (${other.cause})`);
  // What only an admin can run, and might not be needed, is in the message to them.
  const isForAdmin = adminMessage !== undefined && lacksPermissions(notSeen) && confidence !== "certain";
  writeFixes(pen, cause, ({ audience }) => options.verbose || !isForAdmin || audience === "you");
}

function writeWarnings(pen: Pen, { warnings }: DoctorReport): void {
  for (const { cause, summary, fixes } of warnings) {
    pen.gap();
    pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, `${summary} (${cause}, warning)`);
    const [fix] = fixes;
    if (fix !== undefined) pen.paragraph("  ", fixWords(fix).join(": "));
    const [command] = fixes.flatMap(({ commands }) => commands);
    if (command !== undefined) pen.line(`    ${command}`);
  }
}

function writeIdentity(pen: Pen, report: DoctorReport): void {
  const known = identityWords(report, localTimeOf);
  if (known.length > 0) pen.gap();
  for (const [name, value] of known) pen.paragraph(`  ${`${name}:`.padEnd(17)}`, value, 19);
}

/** Where the message is; with `verbose` the message, never wrapped, so that it can be pasted. */
function writeMessage(
  pen: Pen,
  { adminMessage, cluster, identity }: DoctorReport,
  { saved, verbose }: TextOptions,
): void {
  // An admin could not tell whom or which cluster it is about.
  const isAboutNothing = cluster === undefined && identity.arn === undefined;
  if (adminMessage === undefined || (isAboutNothing && !verbose)) return;
  pen.gap();
  const label = pen.ink.green("Ask your cluster admin");
  if (!verbose) {
    const how =
      saved === undefined
        ? "run this again with `-o message --save case.json` for the text to send"
        : "run this again with `-o message` for the text to send";
    pen.paragraph(`${label}: `, `${how}; attach ${shown(saved ?? CASE_FILE)}.`);
    return;
  }
  pen.paragraph(
    `${label}: `,
    `send this message, and attach ${shown(saved ?? `the file that --save ${CASE_FILE} writes`)}:`,
  );
  for (const line of adminMessage.trimEnd().split("\n")) pen.line(`    ${line}`);
}

function writeChecked(pen: Pen, report: DoctorReport): void {
  const { passed, notApplicable, undecided } = report.checked;
  pen.paragraph("  Checked: ", `${countWords(report.checked)}.`);
  writeNotSeen(pen, report);
  for (const { code, expects } of passed) pen.paragraph(`  ${pen.sign.good} `, `${expects} [${code}]`);
  for (const { code, why } of notApplicable) pen.paragraph("    does not apply: ", `${why} [${code}]`);
  for (const { code, missing } of undecided)
    pen.paragraph(`  ${pen.sign.odd} could not decide: `, `${neededWords(missing)} [${code}]`);
}

function writeNotSeen(pen: Pen, report: DoctorReport): void {
  for (const words of notSeenWords(report)) pen.paragraph(`  ${pen.sign.odd} could not see `, words);
}

function writeFixes(pen: Pen, { fixes }: ReportedFinding, isShown: (fix: RenderedFix) => boolean): void {
  for (const [index, fix] of fixes.filter(isShown).entries()) {
    if (index === 0) pen.gap();
    const [heading, words] = fixWords(fix);
    pen.paragraph(`${pen.ink.green(heading)}: `, words);
    writeCommands(pen, fix);
  }
}

/** Commands are never wrapped, so that they can be pasted. */
function writeCommands(pen: Pen, { commands, text, unprintable }: RenderedFix): void {
  for (const command of commands) pen.line(`    ${command}`);
  if (text !== undefined) for (const line of text.trimEnd().split("\n")) pen.line(`    ${line}`);
  for (const reason of unprintable) pen.paragraph("    No command is printed: ", `${reason}.`);
}
