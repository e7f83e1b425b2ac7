/**
 * `npm run test:peers`: builds or fetches the real programs that judge us, and lets them; three suites at a time. What is in
 * REAL runs on the real control plane, with `--stand-in` on our own. Words after it are parts of file names: those suites run,
 * and no others; without words, all but those of PRINTED. `--required`: what cannot be had is a failure, and not a suite that
 * is skipped.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import pMap from "p-map";
import { hasAwsCli } from "./aws-cli/programs.ts";
import { buildGoPrograms, hasGo } from "./go/programs.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "./kubectl/fetch.ts";
import { pythonPrograms } from "./python/environment.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  options: {
    required: { type: "boolean", default: false },
    "stand-in": { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const say = (line: string) => void process.stdout.write(`${line}\n`);
const started = performance.now();
const bin = await pythonPrograms(say);

/** On the real control plane; of some of them CI lets a release pass once more, on the stand-in. */
const REAL = /\/(?:doctor-live|end-to-end|asks-again|called-cluster|control-plane|clients)/;
const isReal = (file: string) => REAL.test(file) && !values["stand-in"];
/** What a suite needs and this machine lacks. */
const lacking = (file: string) => {
  if (bin === undefined) return "Python is not on PATH";
  if (!hasGo() && (isReal(file) || file.includes("/corpora/"))) return "peers not built (Go is not on PATH)";
  if (!hasAwsCli(2) && file.includes("/aws-")) return "AWS CLI 2 is not on PATH";
  return undefined;
};
/** What shells, tools and grammars make of commands that we print and complete: no cluster is in it. */
const PRINTED = /\/(?:printed-commands|completion|[\w-]+-words)/;
/** These begin, so that none is left alone at the end. */
const LONG = /\/(?:doctor-live|end-to-end-bursts)/;
const AT_A_TIME = 3;

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

for (const release of KUBECTL_RELEASES) await fetchKubectl(release);
if (hasGo()) await buildGoPrograms(say);
say(`Peers are there after ${seconds(started)}`);

const suites = fs
  .globSync("test/peers/**/*.peer.ts", { cwd: ROOT })
  .filter((file) =>
    positionals.length === 0 ? !PRINTED.test(file) : positionals.some((word) => file.includes(word)),
  )
  .sort((a, b) => Number(LONG.test(b)) - Number(LONG.test(a)) || a.localeCompare(b));
const canRun = suites.filter((file) => lacking(file) === undefined);
const skipped = suites.filter((file) => !canRun.includes(file));
const failed = (await pMap(canRun, runSuite, { concurrency: AT_A_TIME })).filter(
  (name) => name !== undefined,
);

for (const file of skipped) say(`skipped: ${lacking(file)}: ${file}`);
for (const file of failed) say(`failed: ${file}`);
say(`${canRun.length} suites in ${seconds(started)}, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode =
  failed.length > 0 || canRun.length === 0 || (values.required && skipped.length > 0) ? 1 : 0;

/** Prints what it said when it has ended; the name of a suite that failed. */
async function runSuite(file: string): Promise<string | undefined> {
  const start = performance.now();
  const env = {
    ...process.env,
    PATH: [bin, process.env["PATH"]].join(path.delimiter),
    ...(isReal(file) && { KUBECTL_VOUCH_LAB: "real" }),
  };
  const mocha = path.join(ROOT, "node_modules", ".bin", "mocha");
  const child = spawn(mocha, ["--timeout", "120000", file], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const status = await new Promise((resolve) => child.once("close", resolve));
  say(`\n=== ${file}${isReal(file) ? ", on the real control plane" : ""}: ${seconds(start)}`);
  process.stdout.write(Buffer.concat(said));
  return status === 0 ? undefined : file;
}
