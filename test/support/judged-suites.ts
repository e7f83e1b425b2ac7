/** Suites in which other programs judge us: each in a process of its own, a few at a time. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
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
/** A suite that has not ended by then counts as hanging, and is killed. */
const LIMIT_MS = 15 * 60_000;

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
  const outcomes = await pMap(canRun, async (file) => ({ file, passed: await passes(file, run) }), {
    concurrency: AT_A_TIME,
  });
  const failed = outcomes.filter(({ passed }) => !passed);

  for (const file of skipped) say(`skipped: ${lacking(file)}: ${file}`);
  for (const { file } of failed) say(`failed: ${file}`);
  say(
    `${canRun.length} suites in ${secondsSince(started)}, ${failed.length} failed, ${skipped.length} skipped`,
  );
  return failed.length > 0 || canRun.length === 0 || (required && skipped.length > 0) ? 1 : 0;
}

/** Prints its output when it has ended. */
async function passes(file: string, { env, remark = () => "" }: JudgedSuites): Promise<boolean> {
  const start = performance.now();
  const mocha = path.join(ROOT, "node_modules", ".bin", "mocha");
  const child = spawn(mocha, ["--timeout", "120000", file], {
    cwd: ROOT,
    env: { ...process.env, ...env(file) },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const status = await new Promise((resolve) => child.once("close", resolve));
  say(`\n=== ${file}${remark(file)}: ${secondsSince(start)}`);
  process.stdout.write(Buffer.concat(said));
  return status === 0;
}
