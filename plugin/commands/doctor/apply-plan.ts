import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { contextCredentials, meantCommands, type Plan, renderPlan } from "../../../doctor/doctor.ts";
import type { Run } from "../../../token/command/command.ts";
import { runWords } from "../../../token/command/run-words.ts";
import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { writeFileAtomically } from "../../../token/files/private-file.ts";
import type { App } from "../../app.ts";
import { unifiedDiff } from "../../setup/unified-diff.ts";
import { askYes } from "../../terminal/ask.ts";
import type { DoctorOptions } from "./options.ts";
import { type Admin, type ClusterPlan, readerOf, type StepResult } from "./print-batch.ts";
import { realProbeHost } from "./real-probe-host.ts";

type Step = Plan["steps"][number];

/**
 * Offers each step of a plan: shows what it changes, asks, reads again what it replaces, and makes the change only if that is still
 * what it was. What fails or is declined keeps only those steps from being offered that need it.
 */
export async function applyPlan(
  app: App,
  { plan, admin }: ClusterPlan,
  options: Pick<DoctorOptions, "kubeconfig" | "shell" | "yes">,
): Promise<readonly StepResult[]> {
  if (admin === undefined || plan.steps.length === 0) return [];
  const reader = { ...readerOf(admin, options), context: admin.context };
  const { steps: printed } = renderPlan(plan, reader);
  const run = runner(app, admin, options);
  const results: StepResult[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const { number, description, undo } = printed[index] ?? { number: index + 1, description: "", undo: [] };
    const say = (text: string) => app.io.err(`Step ${number}: ${text}\n`);
    const open = step.needs.find((need) => results[need] !== "done");
    if (open !== undefined) {
      say(`skipped, because step ${open + 1} was not done.`);
      results.push("waiting");
    } else if (!step.isComplete) {
      say(`run it yourself: ${description}`);
      results.push("by-hand");
    } else {
      app.io.err(`\n${changeText(step)}`);
      const text = `Step ${number} of ${printed.length}: ${description}`;
      if (options.yes) app.io.err(`${text}\n`);
      const result =
        options.yes || (await isWanted(app, text))
          ? await carryOut(step, { app, run, reader, say })
          : "declined";
      if (result === "done")
        say(
          undo.length === 0
            ? "done. It cannot be undone."
            : `done. To undo it:\n${undo.map((line) => `  ${line}\n`).join("")}`.trimEnd(),
        );
      results.push(result);
    }
  }
  return results;
}

/** Before and after: as a difference if they have lines. */
function changeText({ before, after = "" }: Step): string {
  if (`${before ?? ""}${after}`.includes("\n"))
    return unifiedDiff({
      path: "cluster",
      before: `${before ?? ""}\n`,
      after: `${after}\n`,
      mask: (text) => text,
    });
  return `now: ${before ?? "not known"}\nthen: ${after}\n`;
}

interface Hands {
  readonly app: App;
  readonly run: (command: Run) => Promise<string>;
  readonly reader: Parameters<typeof renderPlan>[1];
  readonly say: (text: string) => void;
}

async function carryOut(step: Step, { app, run, reader, say }: Hands): Promise<StepResult> {
  const { commands, checks, text } = meantCommands(step, reader);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-"));
  try {
    for (const { run: look, expected, read } of checks) {
      const found = read(await run(look));
      if (found === expected) continue;
      say(
        `not done: the value has changed since it was read (${expected}); now it is: ${found}. Run this again.`,
      );
      return "changed";
    }
    const file = path.join(folder, "manifest.yaml");
    if (text !== "") fs.writeFileSync(file, text, { mode: 0o600 });
    for (const command of commands) {
      if (command.kind === "run")
        await run(
          "f" in command.options ? { ...command, options: { ...command.options, f: file } } : command,
        );
      else if (command.kind === "write-file") keep(app, command.file, await run(command.run));
      else throw new VouchError("internal", `A plan cannot run ${command.kind}.`);
    }
    return "done";
  } catch (error) {
    if (app.signal.aborted) throw error;
    say(`failed: ${reasonOf(error)}`);
    return "failed";
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Saves what a command printed under the first name that is free. */
function keep(app: App, name: string, text: string): void {
  const { name: stem, ext } = path.parse(name);
  let file = name;
  for (let number = 2; fs.existsSync(file); number++) file = `${stem}-${number}${ext}`;
  writeFileAtomically(path.resolve(file), text, { mode: 0o600 });
  app.io.err(`The previous version is in ${file}.\n`);
}

/** Runs the AWS CLI with the credentials of the context, and kubectl with the context itself. Throws their error message if they fail. */
function runner(
  app: App,
  { evidence }: Admin,
  { kubeconfig }: Pick<DoctorOptions, "kubeconfig">,
): Hands["run"] {
  const host = realProbeHost(app, { kubeconfig, online: true });
  const own = { ...app.env, ...app.dropped };
  let forAws: Promise<Readonly<Record<string, string>>> | undefined;
  const withCredentials = async () => {
    const [read] = evidence;
    if (read === undefined) throw new VouchError("internal", "The cluster was not read.");
    const { environmentFor } = await import("../exec.run.ts");
    const credentials = await contextCredentials(read, { host, signal: app.signal });
    return { ...environmentFor(own, { credentials, region: undefined }, app.platform), AWS_PAGER: "" };
  };
  return async (command) => {
    const isAws = command.program === "aws";
    if (isAws) forAws ??= withCredentials();
    const env = isAws ? await forAws : own;
    const json = isAws && /^(?:describe|list)-/.test(command.verb[1] ?? "") ? { output: "json" } : {};
    const [program = "", ...args] = runWords({ ...command, options: { ...command.options, ...json } }).map(
      String,
    );
    const { exitCode, stdout, stderr } = await host.run(
      { client: program, args },
      { env: env ?? own, signal: app.signal },
    );
    if (exitCode !== 0)
      throw new Error(`${program} ${command.verb.join(" ")}: ${stderr.trim() || `exit status ${exitCode}`}`);
    return stdout;
  };
}

/**
 * Shows each fix and asks, unless all are agreed to. Nothing is changed without a yes, or if no user can be asked. Returns whether
 * any was applied.
 */
export async function offerFixes(
  app: App,
  fixes: readonly LocalFix[],
  { isAgreed }: { readonly isAgreed: boolean },
): Promise<boolean> {
  if (fixes.length === 0) {
    app.io.err("There is nothing for --fix to fix on this machine.\n");
    return false;
  }
  let isFixed = false;
  for (const fix of fixes) {
    await fix.show();
    if (isAgreed) app.io.err(`${fix.description}\n`);
    else if (!(await isWanted(app, fix.description))) continue;
    await fix.apply();
    isFixed = true;
  }
  return isFixed;
}

async function isWanted(app: App, description: string): Promise<boolean> {
  const isWanted = await askYes(app, `${description} Do it?`);
  if (isWanted === undefined)
    app.io.err(`Not done, because confirming it needs a terminal: ${description}\n`);
  return isWanted === true;
}

/** A fix on this machine that can be undone. */
export interface LocalFix {
  /** One sentence: what it does. */
  readonly description: string;
  /** Shows what would change; prints a diff where there is one. */
  readonly show: () => Promise<void>;
  readonly apply: () => Promise<void>;
}
