import { localTimeOf } from "../../token/text/local-time.ts";
import { shown } from "../../token/text/printable.ts";
import type { Audience } from "../fixes/fix.ts";
import type { RenderedFix } from "../fixes/render-fix.ts";
import { CASE_FILE } from "./admin-message.ts";
import { Pen, type PenOptions } from "./pen.ts";
import { printable } from "./printable.ts";
import type { DoctorReport, ReportedCause, ReportedFinding, ReportedSuspicion } from "./report-schema.ts";

export interface TextOptions extends PenOptions {
  /** Name every rule that was passed. */
  readonly verbose: boolean;
  /** File that has the evidence; undefined where nobody asked for one. */
  readonly saved?: string | undefined;
}

/** The report for people: the chain and what is wrong in it first, the fixes last, where eyes land. */
export function textReport(raw: DoctorReport, options: TextOptions): string {
  const report = printable(raw, options);
  const pen = new Pen(options);
  const head = report.context === undefined ? "No context" : `Context ${shown(report.context)}`;
  writeChain(pen, head, report);
  if (report.healthy) writeHealthy(pen, report);
  else if (report.rootCauses.length === 0) writeUnknown(pen, report, options.verbose);
  for (const cause of report.rootCauses) {
    pen.line("");
    writeCause(pen, cause);
  }
  if (report.rootCauses.length > 0 && report.suspicions.length > 0)
    writeSuspicions(pen, "It may also be, the most likely first:", report);
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

function writeHealthy(pen: Pen, { tried, answer, allowedBy, identity }: DoctorReport): void {
  if (answer !== undefined) {
    pen.paragraph(
      `${pen.ink.green(pen.sign.good)} `,
      `This is not an access problem: the cluster let the call in, and answers: ${answer}`,
    );
    return;
  }
  const who = identity.username ?? identity.arn;
  if (allowedBy !== undefined) {
    const what = `Allowed by ${allowedBy.join(" and ")}: ${tried}, as ${who}.`;
    pen.paragraph(`${pen.ink.green(pen.sign.good)} `, what);
    return;
  }
  const said = [
    ...(tried === undefined ? [] : [` Tried: ${tried}`]),
    ...(who === undefined ? [] : [`${tried === undefined ? " Asked" : ","} as ${who}`]),
  ].join("");
  pen.paragraph(`${pen.ink.green(pen.sign.good)} `, `No fault found.${said}${said === "" ? "" : "."}`);
}

function writeUnknown(pen: Pen, report: DoctorReport, isVerbose: boolean): void {
  const { unknown, suspicions, notSeen } = report;
  const said = `The cause is not known (${unknown?.symptom ?? "no symptom"}).`;
  if (suspicions.length > 0) {
    writeSuspicions(pen, `${said} With your rights it can be, the most likely first:`, report);
    return;
  }
  pen.line("");
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, said);
  const next = unknown?.fetchNext ?? [];
  if (next.length > 0) pen.line("  Collect next:");
  for (const { part, command } of next) {
    pen.line(`    ${pen.sign.dot} ${part}`);
    pen.line(`      ${command}`);
  }
  if (!isVerbose) writeNotSeen(pen, notSeen);
}

function writeSuspicions(pen: Pen, heading: string, { suspicions }: DoctorReport): void {
  pen.line("");
  pen.paragraph(`${pen.ink.yellow(pen.sign.odd)} `, heading);
  for (const [index, suspicion] of suspicions.entries()) writeSuspicion(pen, index + 1, suspicion);
}

function writeSuspicion(pen: Pen, rank: number, suspicion: ReportedSuspicion): void {
  const { causes, summary, hints, audience, confirmedBy } = suspicion;
  pen.paragraph(`  ${rank}. `, `${summary} [${causes.join(", ")}]`);
  for (const hint of hints) pen.paragraph(`     ${pen.sign.dot} `, hint, 7);
  pen.paragraph(`     ${sayAudience(audience)}: `, confirmedBy, 7);
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

function writeIdentity(pen: Pen, { identity }: DoctorReport): void {
  const { arn, role, username, groups, tokenEnds } = identity;
  const rows: (readonly [string, string | undefined])[] = [
    ["AWS identity", arn],
    ["Role", role],
    ["Kubernetes user", username],
    ["Groups", groups?.join(", ")],
    ["Token until", tokenEnds === undefined ? undefined : localTimeOf(tokenEnds)],
  ];
  const known = rows.filter(([, value]) => value !== undefined && value !== "");
  if (known.length > 0) pen.line("");
  for (const [name, value = ""] of known) pen.paragraph(`  ${`${name}:`.padEnd(17)}`, value, 19);
}

/** Never wrapped: it is there to be pasted. */
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

function writeLimits(pen: Pen, { checked, notSeen }: DoctorReport, verbose: boolean): void {
  const { passed, notApplicable, undecided } = checked;
  pen.line("");
  const counts = `${passed.length} passed, ${notApplicable.length} do not apply, ${undecided.length} could not be decided`;
  const unseen = notSeen.length === 0 ? "" : `; not seen: ${notSeen.map(({ part }) => part).join(", ")}`;
  pen.paragraph("  Checked: ", verbose ? `${counts}.` : `${counts}${unseen} (-v says more).`);
  if (!verbose) return;
  for (const [reason, parts] of Map.groupBy(notSeen, ({ reason }) => reason))
    pen.paragraph(
      `  ${pen.sign.odd} could not see `,
      `${parts.map(({ part }) => part).join(", ")}: ${reason}`,
    );
  for (const { code, expects } of passed) pen.paragraph(`  ${pen.sign.good} `, `${expects} [${code}]`);
  for (const { code, why } of notApplicable) pen.paragraph("    does not apply: ", `${why} [${code}]`);
  for (const { code, missing } of undecided)
    pen.paragraph(`  ${pen.sign.odd} could not decide: `, `${neededText(missing)} [${code}]`);
}

function writeNotSeen(pen: Pen, notSeen: DoctorReport["notSeen"]): void {
  for (const [reason, parts] of Map.groupBy(notSeen, ({ reason }) => reason))
    pen.paragraph(
      `  ${pen.sign.odd} could not see `,
      `${parts.map(({ part }) => part).join(", ")}: ${reason}`,
    );
}

/** A rule that needs nothing more and still did not decide has thrown. */
export function neededText(missing: readonly string[]): string {
  return missing.length === 0 ? "a bug in the rule; --debug shows it" : `needs ${missing.join(", ")}`;
}

function writeFixes(pen: Pen, cause: ReportedFinding): void {
  for (const fix of cause.fixes) {
    pen.line("");
    pen.paragraph(`${pen.ink.green("Fix")} ${cause.cause} (${sayAudience(fix.audience)}): `, fix.description);
    writeCommands(pen, fix);
  }
}

/** `cluster admin`, `IAM admin`, `you` */
function sayAudience(audience: Audience): string {
  return audience === "iam-admin" ? "IAM admin" : audience.replace("-", " ");
}

/** Commands are never wrapped: they are there to be pasted. */
function writeCommands(pen: Pen, { commands, text, unprintable }: RenderedFix): void {
  for (const command of commands) pen.line(`    ${command}`);
  if (text !== undefined) for (const line of text.trimEnd().split("\n")) pen.line(`    ${line}`);
  for (const reason of unprintable) pen.paragraph("    No command is printed: ", `${reason}.`);
}
