/**
 * `npm run bench`: what a kubectl costs with us and with the peers, side by side in one run, as ratios. `-o json` for
 * programs. `--release [FOLDER]` measures the files that ship, by default those of dist/release. With `--gate` it exits with 1 if a
 * warm call takes too many instructions or too much memory, or if the time of reading grows faster than the text.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../plugin/terminal/output.ts";
import { startLab } from "../lab/lab.ts";
import { shippedFiles } from "../support/shipped-files.ts";
import { BARE_NODE, OURS, PROGRAM, peerContestants, quickContestants } from "./contestants.ts";
import { type DoctorTime, doctorTime } from "./doctor-time.ts";
import { loadedModules } from "./loaded-modules.ts";
import { measure, type Timing } from "./measure.ts";
import { rbacTime } from "./rbac-time.ts";
import { releaseBench } from "./release-bench.ts";
import { roleProfileContestants, roleProfileDesk } from "./role-profile.ts";
import { slowReadings } from "./text-growth.ts";
import { warmUp } from "./warm-home.ts";

const { values, positionals } = parseArgs({
  options: {
    output: { type: "string", short: "o", default: "text" },
    gate: { type: "boolean", default: false },
    rounds: { type: "string", default: "40" },
    release: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const lab = await startLab();
try {
  await warmUp(lab);
  const broken = values.release ? await benchRelease() : await benchBundle();
  const slow = slowReadings().map((reading) => `the time of ${reading} grows faster than the text`);
  for (const limit of [...broken, ...slow]) process.stderr.write(`Over the limit: ${limit}\n`);
  if (values.gate && broken.length + slow.length > 0) process.exitCode = 1;
} finally {
  await lab.close();
}

function has(program: string): boolean {
  return spawnSync("which", [program], { env: lab.env }).status === 0;
}

async function benchRelease(): Promise<readonly string[]> {
  const [folder = "dist/release"] = positionals;
  const release = path.resolve(folder);
  const bench = { lab, release, shipped: shippedFiles(release), rounds: Number(values.rounds), has };
  return releaseBench(bench, values.output);
}

async function benchBundle(): Promise<readonly string[]> {
  const quick = measure(quickContestants(lab), Number(values.rounds));
  const roleProfile = await roleProfileContestants(
    await roleProfileDesk(lab),
    [process.execPath, PROGRAM],
    has,
  );
  const peers = measure([...peerContestants(lab, has), ...roleProfile], Math.ceil(Number(values.rounds) / 8));
  const modules = loadedModules(lab);
  report([...quick, ...peers], { modules, doctor: await doctorTime(lab), rbacMs: rbacTime() });
  return [];
}

interface Beside {
  readonly modules: readonly string[];
  readonly doctor: DoctorTime;
  /** RBAC of 10,000 objects, in milliseconds. */
  readonly rbacMs: number;
}

function report(timings: readonly Timing[], { modules, doctor, rbacMs }: Beside): void {
  const minOf = (name: string) => timings.find((timing) => timing.name === name)?.min ?? Number.NaN;
  const ratio = minOf(OURS) / minOf(BARE_NODE);
  if (values.output === "json") {
    const rows = timings.map((timing) => ({
      ...timing,
      ratioToNode: timing.min / minOf(BARE_NODE),
      ratioToOurs: timing.min / minOf(OURS),
    }));
    process.stdout.write(
      `${JSON.stringify({ timings: rows, warmToNode: ratio, modulesOnWarmPath: modules, doctor, rbacMs }, null, 2)}\n`,
    );
  } else {
    const rows = timings.map(({ name, min, median }) => [
      name,
      min.toFixed(1),
      median.toFixed(1),
      (min / minOf(BARE_NODE)).toFixed(2),
      (min / minOf(OURS)).toFixed(2),
    ]);
    process.stdout.write(table([["PROGRAM", "MIN ms", "MEDIAN ms", "× NODE", "× OURS"], ...rows]));
    process.stdout.write(`\nModules loaded on the warm path: ${modules.join(", ")}\n`);
    process.stdout.write(
      `The doctor gathers in ${doctor.wallMs.toFixed(0)} ms = ${(doctor.wallMs / doctor.slowestMs).toFixed(2)} × its slowest probe (${doctor.slowest}, ${doctor.slowestMs.toFixed(0)} ms)\n`,
    );
    process.stdout.write(`RBAC of 10,000 objects in ${rbacMs.toFixed(0)} ms\n`);
    process.stdout.write(`Warm credential eks = ${ratio.toFixed(2)} × node -e 0\n`);
  }
}
