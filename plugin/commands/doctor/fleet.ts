import { setTimeout as sleep } from "node:timers/promises";
import pMap from "p-map";
import {
  type CheckOptions,
  check,
  type DoctorReport,
  type Examination,
  type GatherOptions,
  gatherEvidence,
  githubAnnotations,
  htmlFleet,
  junitReport,
  type OtherContext,
  otherLine,
  outcomeOf,
  overviewLine,
  type Question,
  shortReport,
} from "../../../doctor/doctor.ts";
import { ours } from "../../../token/command/command.ts";
import { sentence, sentenceText } from "../../../token/command/sentence.ts";
import { EXIT, reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { shownLines } from "../../../token/text/printable.ts";
import type { App } from "../../app.ts";
import { printObject } from "../../terminal/output.ts";
import { withProgress } from "../../terminal/progress.ts";
import type { CommandContext } from "../options.ts";
import { contextNamespace, fleetContexts } from "./contexts.ts";
import { chosenRules, doctorExit } from "./flags.ts";
import type { DoctorOptions } from "./options.ts";
import { type PrintOptions, reportText, textStyle } from "./print-report.ts";
import { questionOf } from "./question.ts";
import { realProbeHost } from "./real-probe-host.ts";

/** How many contexts are checked at once. */
const AT_ONCE = 8;

/** Longest time for one context, in milliseconds, after which one without an answer no longer holds up the others. */
const CONTEXT_MS = 30_000;

/**
 * Checks all EKS contexts that the options choose, several at once, and prints a line for each. What is known so far is printed
 * even if the user interrupts; then throws `interrupted`. The result is the exit status.
 */
export async function runFleet(options: DoctorOptions, { app, color }: CommandContext): Promise<number> {
  const { names, skipped } = fleetContexts(app, options);
  // Throws for faults of the command line once, before any context is checked.
  questionOf(options, { outcome: undefined, contextNamespace: "default" });
  const bugs: unknown[] = [];
  const total = names.length === 1 ? "1 context" : `${names.length} contexts`;
  const outcomes = await withProgress(app, `Checking ${total}…`, async (say) => {
    let done = 0;
    const checkContext = checkOf(app, options, bugs);
    return pMap(
      names,
      async (context): Promise<FleetOutcome> => {
        const outcome = await checkContext(context);
        done += 1;
        say(`Checked ${done} of ${total}…`);
        return outcome;
      },
      { concurrency: AT_ONCE },
    );
  });
  const reports = outcomes.flatMap((outcome) => ("report" in outcome ? [outcome.report] : []));
  printFleet(app, { reports, outcomes, skipped }, { ...options, color });
  if (app.signal.aborted) {
    throw new VouchError("interrupted", `Interrupted: ${reports.length} of ${total} checked.`);
  }
  if (bugs.length > 0) throw bugs[0];
  const isWhole = reports.length === outcomes.length || options.failOn === "never";
  return isWhole ? doctorExit(reports, options.failOn) : EXIT.found;
}

/**
 * Checks one context. One that cannot be checked does not keep the others from being printed; errors that no rule or probe should throw
 * are added to `bugs`.
 */
function checkOf(
  app: App,
  options: DoctorOptions,
  bugs: unknown[],
): (context: string) => Promise<FleetOutcome> {
  const host = realProbeHost(app, { kubeconfig: options.kubeconfig, online: !options.offline });
  const looking = {
    rules: chosenRules(options.only, options.skip),
    shell: options.shell,
    format: options.fixFormat,
    redact: options.redact,
    scope: "cluster" as const,
    waitMs: (options.wait ?? 0) * 1000,
    totalMs: CONTEXT_MS,
    progress: () => undefined,
  };
  return async (context) => {
    if (app.signal.aborted) return { context, why: "interrupted" };
    const asked = { ...options, context };
    try {
      const place = { outcome: undefined, contextNamespace: contextNamespace(app, asked) };
      const { report } = await examine(app, { ...looking, host, question: questionOf(asked, place) });
      return { report };
    } catch (error) {
      if (app.signal.aborted) return { context, why: "interrupted" };
      if (!(error instanceof VouchError)) bugs.push(error);
      const code = error instanceof VouchError ? error.code : "internal";
      // An error's message may hold names.
      return { context, why: options.redact ? code : reasonOf(error) };
    }
  };
}

/** The results of all contexts. */
interface Fleet {
  readonly reports: readonly DoctorReport[];
  /** In the order of the kubeconfig, each with its report, or why there is none. */
  readonly outcomes: readonly FleetOutcome[];
  readonly skipped: readonly OtherContext[];
}

type FleetOutcome = { readonly report: DoctorReport } | OtherContext;

type FleetPrintOptions = PrintOptions &
  Pick<DoctorOptions, "kubeconfig" | "redact" | "shell" | "namespace" | "allNamespaces" | "for">;

/** Prints the results: for people a line per context and a summary, for programs a list. */
function printFleet(app: App, fleet: Fleet, options: FleetPrintOptions): void {
  const { output } = options;
  const { reports, outcomes, skipped } = fleet;
  const others = { skipped, notChecked: outcomes.filter((outcome) => "why" in outcome) };
  if (output === "text") app.io.paint("out", asText(app, fleet, options));
  else if (output === "junit") app.io.out(junitReport(reports, others));
  else if (output === "github") app.io.out(githubAnnotations(reports, others));
  else if (output === "html")
    app.io.out(htmlFleet({ reports, ...others, gatheredAt: new Date(app.clock()).toISOString() }));
  else if (output === "short") app.io.out(shortText(fleet));
  else if (output !== "message")
    printObject(app, output, "DoctorReportList", { items: reports, ...others, summary: summaryOf(fleet) });
}

function shortText({ outcomes, skipped }: Fleet): string {
  const lines = outcomes.map((outcome) =>
    "report" in outcome ? shortReport(outcome.report) : shortOther(outcome, "not checked"),
  );
  return [...lines, ...skipped.map((other) => shortOther(other, "skipped"))].join("");
}

function shortOther({ context, why }: OtherContext, what: "skipped" | "not checked"): string {
  return `${shownLines(`${context}: ${what} (${why})`)}\n`;
}

function summaryOf({ reports, outcomes, skipped }: Fleet) {
  const found = reports.map(outcomeOf);
  const count = (outcome: (typeof found)[number]) => found.filter((one) => one === outcome).length;
  return {
    ok: count("fine"),
    broken: count("broken"),
    unknown: count("unknown"),
    skipped: skipped.length,
    notChecked: outcomes.length - reports.length,
  };
}

function asText(app: App, fleet: Fleet, options: FleetPrintOptions): string {
  const { verbose, color } = options;
  const look = textStyle(app, color);
  const ofReport = (report: DoctorReport) =>
    verbose ? `${reportText(app, report, { verbose, color })}\n` : overviewLine(report, look);
  const lines = [
    ...fleet.outcomes.map((outcome) =>
      "report" in outcome ? ofReport(outcome.report) : otherLine(outcome, { ...look, what: "not checked" }),
    ),
    ...fleet.skipped.map((other) => otherLine(other, { ...look, what: "skipped" })),
  ];
  const isApart = verbose && lines.at(-1)?.endsWith("\n\n") === true;
  return `${lines.join("")}${isApart ? "" : "\n"}${summaryText(fleet)}\n${moreText(fleet, options)}`;
}

function summaryText(fleet: Fleet): string {
  const { ok, broken, unknown, skipped, notChecked } = summaryOf(fleet);
  const total = fleet.outcomes.length;
  const parts = [
    [ok, "OK"],
    [broken, "broken"],
    [unknown, "not known"],
    [notChecked, "not checked"],
  ] as const;
  const counts = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const others = skipped === 0 ? "" : `; ${skipped} ${skipped === 1 ? "other" : "others"} skipped`;
  return `${total} EKS ${total === 1 ? "context" : "contexts"}: ${counts.join(", ")}${others}`;
}

/** How to see more of the first context that is not healthy. */
function moreText({ reports }: Fleet, options: FleetPrintOptions): string {
  const { verbose, redact, kubeconfig, shell, namespace, allNamespaces, for: attempt } = options;
  const context = reports.find(({ healthy }) => !healthy)?.context;
  if (verbose || redact || context === undefined) return "";
  const command = ours("doctor", {
    ...{ context, kubeconfig: namedKubeconfig(kubeconfig), n: namespace, for: attempt },
    "all-namespaces": allNamespaces || undefined,
  });
  return `${sentenceText(sentence`Full report: ${command}; for every context: -v`, shell)}\n`;
}

/** How long to wait before asking again, in milliseconds. */
const AGAIN_MS = 2000;

export interface ExamineOptions
  extends CheckOptions,
    Pick<GatherOptions, "host" | "question" | "scope" | "totalMs" | "progress"> {
  /** How long to keep checking until nothing is wrong, in milliseconds. */
  readonly waitMs: number;
  /** Asks again, for a question that depends on a command; undefined: it stays as it is. */
  readonly askAgain?: ((signal: AbortSignal) => Promise<Question>) | undefined;
}

/** Throws `interrupted` instead of the work's error if the user interrupted it. */
export async function untilInterrupted<T>(app: App, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (app.signal.aborted) throw new VouchError("interrupted", "Interrupted.");
    throw error;
  }
}

/** The longest delay of a timer, in milliseconds: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Gathers and checks; with time to wait, repeats until nothing is wrong. A repetition that does not end in that time is
 * abandoned, and the result of the one before counts.
 */
export async function examine(app: App, options: ExamineOptions): Promise<Examination> {
  const end = app.clock() + options.waitMs;
  const look = async (signal: AbortSignal, question: Question) =>
    check(await gatherEvidence({ ...options, question, now: app.clock(), signal }), options);
  let examination = await look(app.signal, options.question);
  while (!examination.report.healthy && app.clock() + AGAIN_MS <= end) {
    options.progress("Waiting before the next check…");
    await sleep(AGAIN_MS, undefined, { signal: app.signal });
    const inTime = AbortSignal.timeout(Math.min(LONGEST_MS, Math.max(1, end - app.clock())));
    try {
      const signal = AbortSignal.any([app.signal, inTime]);
      examination = await look(signal, (await options.askAgain?.(signal)) ?? options.question);
    } catch (error) {
      if (!inTime.aborted || app.signal.aborted) throw error;
      break;
    }
  }
  return examination;
}
