/** Suites in which other programs judge us: each in a process of its own, a few at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pMap from "p-map";

export interface JudgedSuites {
  /** Files, from the root of the repository. */
  readonly suites: readonly string[];
  /** These are started first, so that none is left running alone at the end. */
  readonly long: RegExp;
  /** What a suite needs and this machine lacks, so that it is skipped. */
  readonly lacking: (file: string) => string | undefined;
  /** Variables of a suite, besides ours. */
  readonly env: (file: string) => Readonly<Record<string, string>>;
  /** Printed after its name when its result is reported. */
  readonly remark?: (file: string) => string;
  /** A suite that is skipped is a failure. */
  readonly required: boolean;
  /** When the command began, as `performance.now()` tells time. */
  readonly started: number;
}

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const AT_A_TIME = 3;
/** A suite that has not ended by then counts as hanging and is killed. */
const LIMIT_MINUTES = 12;
/** How often it is said which suites are running still. */
const REMIND_MS = 2 * 60_000;
/** How long the output of a suite that has ended may take to arrive. */
const DRAIN_MS = 5_000;
const ENDS = path.join(ROOT, "test", "support", "ends-after-its-tests.ts");

export const say = (line: string) => void process.stdout.write(`${line}\n`);

export function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(0)} s`;
}

/**
 * The files of that pattern that have one of the words in their path; without words, the default ones. A word that no file has
 * ends the program: its suites would seem to have passed.
 */
export function chosenSuites(
  pattern: string,
  words: readonly string[],
  isMeant: (file: string) => boolean = () => true,
): readonly string[] {
  const suites = fs.globSync(pattern, { cwd: ROOT });
  const unknown = words.filter((word) => !suites.some((file) => file.includes(word)));
  if (unknown.length > 0) {
    say(`No suite has ${unknown.join(" or ")} in its path; these are all:\n${suites.toSorted().join("\n")}`);
    process.exit(2);
  }
  return suites.filter(words.length === 0 ? isMeant : (file) => words.some((word) => file.includes(word)));
}

/** Runs those that can run, and reports the result of each and of all. Returns the exit status. */
export async function runJudgedSuites(run: JudgedSuites): Promise<number> {
  const { long, lacking, required, started } = run;
  const suites = run.suites.toSorted(
    (a, b) => Number(long.test(b)) - Number(long.test(a)) || a.localeCompare(b),
  );
  const canRun = suites.filter((file) => lacking(file) === undefined);
  const skipped = suites.filter((file) => !canRun.includes(file));
  const running = new Map<string, ChildProcess>();
  const reminder = setInterval(() => {
    say(`… after ${secondsSince(started)}, still running: ${[...running.keys()].join(", ")}`);
  }, REMIND_MS);
  const endAll = () => {
    for (const child of running.values()) killGroup(child);
  };
  process.on("exit", endAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

  const outcomes = await pMap(canRun, async (file) => ({ file, passed: await passes(file, run, running) }), {
    concurrency: AT_A_TIME,
  });
  clearInterval(reminder);
  const failed = outcomes.filter(({ passed }) => !passed);

  for (const file of skipped) say(`skipped: ${lacking(file)}: ${file}`);
  for (const { file } of failed) say(`failed: ${file}`);
  say(
    `${canRun.length} suites in ${secondsSince(started)}, ${failed.length} failed, ${skipped.length} skipped`,
  );
  return failed.length > 0 || canRun.length === 0 || (required && skipped.length > 0) ? 1 : 0;
}

/**
 * Prints its output when it has ended. What a suite started and left behind ends with it: it would hold the streams of the suite
 * open for ever.
 */
async function passes(
  file: string,
  { env, remark = () => "" }: JudgedSuites,
  running: Map<string, ChildProcess>,
): Promise<boolean> {
  const start = performance.now();
  const mocha = path.join(ROOT, "node_modules", ".bin", "mocha");
  const child = spawn(mocha, ["--timeout", "120000", "--require", ENDS, file], {
    cwd: ROOT,
    env: { ...process.env, ...env(file) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.set(file, child);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const closed = once(child, "close");
  let hangs = false;
  const limit = setTimeout(() => {
    hangs = true;
    killGroup(child);
  }, LIMIT_MINUTES * 60_000);
  const [status] = await once(child, "exit");
  clearTimeout(limit);
  killGroup(child);
  await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  running.delete(file);

  say(`\n=== ${file}${remark(file)}: ${secondsSince(start)}`);
  process.stdout.write(Buffer.concat(said));
  if (hangs) say(`killed: it had not ended after ${LIMIT_MINUTES} minutes`);
  return status === 0;
}

/** It leads a group of processes, all that it started. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // None of them is left.
  }
}
