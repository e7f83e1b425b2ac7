import pMap from "p-map";
import type { DoctorReport } from "../../doctor/doctor.ts";
import { EXIT, reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import type { CommandContext } from "../commands/command-context.ts";
import { withProgress } from "../terminal/progress.ts";
import { chosenRules } from "./chosen-rules.ts";
import { contextNamespace, fleetContexts } from "./contexts.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import { examine } from "./examine.ts";
import { doctorExit } from "./exit-status.ts";
import { type FleetOutcome, printFleet } from "./print-fleet.ts";
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
    const one = checkOf(app, options);
    return pMap(
      names,
      async (context): Promise<FleetOutcome> => {
        const outcome = await outcomeOf(app, { context, one, bugs, redact: options.redact });
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

type Check = (context: string) => Promise<DoctorReport>;

function checkOf(app: App, options: DoctorOptions): Check {
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
    const asked = { ...options, context };
    const question = questionOf(asked, {
      outcome: undefined,
      contextNamespace: contextNamespace(app, asked),
    });
    return (await examine(app, { ...looking, host, question })).report;
  };
}

interface OutcomeInput {
  readonly context: string;
  readonly one: Check;
  /** Errors that no rule or probe should throw. */
  readonly bugs: unknown[];
  /** An error's message may hold names. */
  readonly redact: boolean;
}

/** One context that cannot be checked does not keep the others from being printed. */
async function outcomeOf(app: App, { context, one, bugs, redact }: OutcomeInput): Promise<FleetOutcome> {
  try {
    if (!app.signal.aborted) return { report: await one(context) };
  } catch (error) {
    if (!app.signal.aborted) {
      if (!(error instanceof VouchError)) bugs.push(error);
      const code = error instanceof VouchError ? error.code : "internal";
      return { context, why: redact ? code : reasonOf(error) };
    }
  }
  return { context, why: "interrupted" };
}
