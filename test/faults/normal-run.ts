import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Bench, TrialHome, TrialOptions } from "./bench.ts";
import type { Command } from "./commands.ts";
import type { HookOrder, HookReport } from "./hook.ts";
import { assertWorked, type OthersFiles, othersFiles } from "./whole-home.ts";

const HOOK = path.join(import.meta.dirname, "hook.ts");

/** What a command does when nothing is wrong. */
export interface NormalRun {
  /** Wall time, in milliseconds. */
  readonly ms: number;
  readonly seen: HookReport;
  readonly before: OthersFiles;
  readonly after: OthersFiles;
}

/** The normal runs of commands on each bench: what they write names the bench's servers. */
export class NormalRuns {
  readonly #runs = new Map<Bench, Map<string, Promise<NormalRun>>>();

  /** Runs the command in a fresh home, the first time it is asked for; then once more to see which files it touches. */
  of(bench: Bench, command: Command): Promise<NormalRun> {
    const runs = this.#runs.get(bench) ?? new Map<string, Promise<NormalRun>>();
    this.#runs.set(bench, runs);
    const run = runs.get(command.name) ?? normalRun(bench, command);
    runs.set(command.name, run);
    return run;
  }
}

async function normalRun(bench: Bench, command: Command): Promise<NormalRun> {
  const home = bench.home(command.home);
  const before = othersFiles(home);
  const result = await home.run(command);
  assertWorked(result);
  const after = othersFiles(home);
  const seen = await filesSeen(bench.home(command.home), command);
  return { ms: result.ms, seen, before, after };
}

async function filesSeen(home: TrialHome, command: Command): Promise<HookReport> {
  const report = `${home.folder}.report`;
  assertWorked(await home.run(command, hooked({ report })));
  assert.ok(fs.existsSync(report), `${command.name} ended without a report of its hook`);
  return JSON.parse(fs.readFileSync(report, "utf8")) as HookReport;
}

/** Options that load the hook into the program. */
export function hooked(order: HookOrder): TrialOptions {
  return { node: ["--import", HOOK], env: { FAULT_HOOK: JSON.stringify(order) } };
}
