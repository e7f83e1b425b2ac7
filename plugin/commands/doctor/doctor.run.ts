import fs from "node:fs";
import path from "node:path";
import { RULES } from "../../../doctor/causes/index.ts";
import {
  type CheckOptions,
  caseOf,
  check,
  type DoctorEvidence,
  type DoctorReport,
  type Examination,
  isOtherPrincipal,
  planFor,
  type Question,
  readPasted,
} from "../../../doctor/doctor.ts";
import { kubercFlag } from "../../../doctor/probes/local/kuberc-file.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { writeFileAtomically } from "../../../token/files/private-file.ts";
import { readChosenKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { shownLines } from "../../../token/text/printable.ts";
import type { App } from "../../app.ts";
import { printObject, table } from "../../terminal/output.ts";
import { withProgress } from "../../terminal/progress.ts";
import type { CommandContext } from "../options.ts";
import { applyPlan, type LocalFix, offerFixes } from "./apply-plan.ts";
import { isBatch, runBatch } from "./batch.ts";
import { isStream, type ReadBundle, readBundle } from "./case-files.ts";
import { contextNamespace, requireEks } from "./contexts.ts";
import { chosenRules, doctorExit, validateFlags } from "./flags.ts";
import { type ExamineOptions, examine, runFleet, untilInterrupted } from "./fleet.ts";
import { contextFix, entryFixes, fileFixes, loginFix } from "./local-fixes.ts";
import type { DoctorOptions, ReportChoice } from "./options.ts";
import type { ClusterPlan } from "./print-batch.ts";
import { machineReport, machineRules, printMachine, printReport } from "./print-report.ts";
import { kubeconfigMeant, outcomeOf, questionOf } from "./question.ts";
import { completeBundle, realProbeHost } from "./real-probe-host.ts";

/** The exit status is 0 if nothing is wrong, 79 if something is or that is unknown, 80 for warnings that count. */
export async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { app } = context;
  validateFlags(options);
  if (options.list) {
    printRules(app, options.output);
    return 0;
  }
  if (options.allContexts) return runFleet(options, context);
  if (isBatch(options)) return untilInterrupted(app, () => runBatch(options, context));
  const meant = { ...options, kubeconfig: kubeconfigMeant(options) };
  return untilInterrupted(app, () => examineAndFix(meant, context));
}

async function examineAndFix(options: DoctorOptions, context: CommandContext): Promise<number> {
  // Programs get one report, of the final state.
  const isShownFirst = !options.fix || options.output === "text";
  const first = await examineAndPrint(options, context, { isShown: isShownFirst });
  if (!options.fix) return doctorExit([first.report], options.failOn);

  const app = options.output === "text" ? context.app : withoutStdout(context.app);
  const fixes = [
    ...localFixes(app, first, options.kubeconfig),
    ...loginFix(app, first, context.color),
    ...fileFixes(app, options.kubeconfig),
  ];
  const inCluster = clusterPlan(app, first, options);
  const isFixed =
    inCluster === undefined
      ? await offerFixes(app, fixes, { isAgreed: options.yes })
      : (await applyPlan(app, inCluster, options)).includes("done");
  // What a call printed before the fix says nothing about the state after it.
  const again = { ...options, command: [], error: undefined };
  const after = isFixed ? await examineAndPrint(again, context, { isShown: true }) : first;
  if (!isFixed && !isShownFirst) printExamination(first, { ...options, saved: options.save }, context);
  return doctorExit([after.report], options.failOn);
}

/** What changes the cluster for the principal that an admin asks about; undefined if it is not that, or nothing does. */
function clusterPlan(
  app: App,
  examination: Examination,
  { principal, kubeconfig }: DoctorOptions,
): ClusterPlan | undefined {
  const { evidence } = examination;
  const { context } = caseOf(evidence);
  const plan = planFor([examination]);
  if (principal === undefined || context === undefined || plan.steps.length === 0) return undefined;
  const isCurrent = readChosenKubeconfigs(app, kubeconfig).currentContext?.name === context;
  return { cases: [], plan, admin: { context, isCurrent, evidence: [evidence] } };
}

/** The output of fixes is for people only. */
function withoutStdout(app: App): App {
  return { ...app, io: { ...app.io, out: app.io.err, paint: (_stream, text) => app.io.paint("err", text) } };
}

/** Repairs of the kubeconfig; our own setup only if an edit is not enough. */
function localFixes(app: App, examination: Examination, kubeconfig: string | undefined): LocalFix[] {
  const edits = entryFixes(app, examination, kubeconfig);
  return edits.length > 0 ? edits : contextFix(app, examination, kubeconfig);
}

async function examineAndPrint(
  options: DoctorOptions,
  context: CommandContext,
  { isShown }: { readonly isShown: boolean },
): Promise<Examination> {
  const { app } = context;
  const chosen = chosenRules(options.only, options.skip);
  const rules = options.pre ? machineRules(chosen) : chosen;
  const { shell, fixFormat: format, redact } = options;
  const [file] = options.evidence;
  const bundle = file === undefined ? undefined : await readBundle(app, file);
  const caseFile = caseFileOf(options, bundle);
  const checking = { rules, shell, format, redact, caseFile: caseFile && path.basename(caseFile) };
  const examination =
    bundle === undefined
      ? await withProgress(app, "Collecting evidence…", (progress) =>
          examineContext(app, options, { ...checking, progress }),
        )
      : await examineBundle(app, options, {
          bundle,
          checking: { ...checking, isSaved: !options.complete },
        });
  if (isShown) printExamination(examination, { ...options, saved: caseFile }, context);
  if (isShown && bundle?.isBundle === true) tellAdmin(app, examination.report, options);
  if (options.save !== undefined) save(app, examination, options.save);
  return examination;
}

function printExamination(
  examination: Examination,
  { pre, output, verbose, saved }: DoctorOptions & { readonly saved: string | undefined },
  { app, color }: CommandContext,
): void {
  if (pre && output === "text") printMachine(app, examination, { verbose, color });
  else {
    const { report, evidence: bundle } = examination;
    printReport(app, report, { output, verbose, color, saved, bundle });
  }
}

/** A case that someone sent is most useful to those who can see more. */
function tellAdmin(
  app: App,
  { adminMessage }: DoctorReport,
  { evidence, complete, output }: DoctorOptions,
): void {
  const [file] = evidence;
  if (file === undefined || isStream(file) || complete || output !== "text" || adminMessage === undefined)
    return;
  const command = ours("doctor", { evidence: file, complete: true });
  const words = withCommands`If someone sent you this case: ${command} collects what is missing, with your permissions.`;
  app.io.err(`${words}\n`);
}

/**
 * The file that has the case: the one that is saved, or the one it was read from, if that is complete and may be passed on. What
 * was copied from a terminal may contain secrets.
 */
function caseFileOf(options: DoctorOptions, bundle: ReadBundle | undefined): string | undefined {
  const {
    save: saved,
    evidence: [file],
    error,
    command,
    for: attempt,
    redact,
  } = options;
  const isChanged = error !== undefined || command.length > 0 || attempt !== undefined || redact;
  if (saved !== undefined || isChanged || file === undefined || bundle?.isBundle !== true) return saved;
  return isStream(file) ? undefined : file;
}

type Looking = Omit<ExamineOptions, "host" | "question" | "askAgain" | "scope" | "waitMs">;

/** The context that the options name, or this machine alone. */
async function examineContext(app: App, options: DoctorOptions, looking: Looking): Promise<Examination> {
  if (!options.pre) requireEks(app, options);
  const namespace = options.pre ? undefined : contextNamespace(app, options);
  const ask = async (signal: AbortSignal, isRepeated: boolean) =>
    questionOf(options, {
      outcome: await outcomeOf({ ...app, signal }, options, { isRepeated }),
      contextNamespace: namespace,
    });
  const question = await ask(app.signal, false);
  const host = realProbeHost(app, {
    kubeconfig: options.kubeconfig,
    online: !options.offline,
    kuberc: kubercFlag(options.command),
  });
  const askAgain = options.command.length === 0 ? undefined : (signal: AbortSignal) => ask(signal, true);
  const waitMs = (options.wait ?? 0) * 1000;
  const scope = options.pre ? "machine" : "cluster";
  const first = await examine(app, { ...looking, scope, question, askAgain, host, waitMs });
  const examination = options.error === undefined ? first : ofErrorAlone(first, question, looking);
  return options.pre ? machineReport(examination) : examination;
}

/** A pasted error that the context does not explain may be of another one: what it says itself then counts. */
function ofErrorAlone(seen: Examination, { stderr = "" }: Question, looking: CheckOptions): Examination {
  const { healthy, rootCauses, suspicions } = seen.report;
  if (healthy || rootCauses.length > 0 || suspicions.length > 0) return seen;
  const alone = check(
    readPasted([{ text: stderr }], Date.parse(seen.evidence.gatheredAt ?? "")).evidence,
    looking,
  );
  return alone.report.rootCauses.length + alone.report.suspicions.length > 0 ? alone : seen;
}

/** A bundle or what was pasted, with what the command line adds to its question; completed on request. */
async function examineBundle(
  app: App,
  options: DoctorOptions,
  { bundle, checking }: { readonly bundle: ReadBundle; readonly checking: CheckOptions },
): Promise<Examination> {
  const evidence = await bundleWithQuestion(app, options, bundle.evidence);
  if (!options.complete) return check(evidence, checking);
  const { evidence: completed, adminContext } = await withProgress(
    app,
    "Collecting evidence with your permissions…",
    (progress) =>
      completeBundle(app, evidence, {
        ...options,
        progress: app.io.isTerminal("stderr") ? progress : () => undefined,
      }),
  );
  const { report, ...examination } = check(completed, { ...checking, adminContext });
  // The message would go to the person who completes the case.
  return { ...examination, report: { ...report, adminMessage: undefined } };
}

async function bundleWithQuestion(
  app: App,
  { context, ...options }: DoctorOptions,
  evidence: DoctorEvidence,
): Promise<DoctorEvidence> {
  if (!options.complete) requireSameContext(evidence, context);
  const asked = options.complete ? { ...options, context: undefined } : { ...options, context };
  const outcome = await outcomeOf(app, asked);
  const { namespace } = evidence.question ?? {};
  const contextNamespace = options.for === undefined ? undefined : (namespace ?? "default");
  const question = questionOf(asked, { outcome, contextNamespace });
  const before = outcome === undefined ? askedBefore(evidence, options.principal) : {};
  const asBefore = { ...before, ...question };
  if (!options.complete) return { ...evidence, question: asBefore };
  // The person who completes a case pastes the commands, and has other files.
  const { kubeconfigFile: _, ...rest } = asBefore;
  const { kubeconfigFile } = question;
  return {
    ...evidence,
    question: { ...rest, ...(kubeconfigFile === undefined ? {} : { kubeconfigFile }) },
  };
}

/** Evidence about one context says nothing about another, whatever its name. Throws `usage`. */
function requireSameContext(evidence: DoctorEvidence, asked: string | undefined): void {
  const { context } = caseOf(evidence);
  if (asked === undefined || asked === context) return;
  const message =
    context === undefined
      ? "The evidence does not include the name of its context, so --context cannot be used."
      : `The evidence is about context ${context}, but --context is ${asked}.`;
  throw new VouchError("usage", message, {
    hint: "Omit --context. With --complete, it selects one of your own contexts.",
  });
}

/** The bundle's own question, without a command's output if another principal ran it. */
function askedBefore(evidence: DoctorEvidence, principal: string | undefined): DoctorEvidence["question"] {
  const { command: _1, exitCode: _2, stderr: _3, ...place } = evidence.question ?? {};
  if (principal === undefined || principal === evidence.question?.principal) return evidence.question;
  return isOtherPrincipal({ evidence: { ...evidence, question: { principal } } }) ? place : evidence.question;
}

function save(app: App, { evidence }: Examination, file: string): void {
  const text = shownLines(`${JSON.stringify(evidence, null, 2)}\n`);
  requireOwn(file);
  // A file that others can read must not become one with evidence.
  writeFileAtomically(file, text, { mode: 0o600, keepIdentity: true, keepMode: false });
  app.io.err(`Saved the evidence to ${file}; secrets in it are masked.\n`);
}

/** In a shared folder, another user can create the file or a link before us. */
function requireOwn(file: string): void {
  const existing = fs.lstatSync(file, { throwIfNoEntry: false });
  if (existing === undefined || process.geteuid === undefined || existing.uid === process.geteuid()) return;
  throw new VouchError("file-unwritable", `${file} cannot be written: it belongs to another user.`, {
    hint: "Save the evidence in a folder of your own: `kubectl vouch doctor --save ~/case.json`.",
  });
}

/** Prints every rule: its code, the rows of the catalogue it can name, and what it expects of a healthy context. */
function printRules(app: App, output: ReportChoice): void {
  const rules = RULES.map(({ code, causes, expects }) => ({ code, causes, expects }));
  if (output === "json" || output === "yaml") {
    printObject(app, output, "DoctorRuleList", { items: rules });
    return;
  }
  const rows = rules.map(({ code, causes, expects }) => [code, causes.join(","), expects]);
  app.io.out(table([["CODE", "CAUSES", "EXPECTS"], ...rows]));
}
