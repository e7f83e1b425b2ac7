/**
 * `npm run bench`: what a kubectl costs with us and with the peers, side by side in one run, as ratios. `-o json` for
 * programs; `--gate` ends with status 1 when the warm call costs more than 1.25 × a bare Node, or something else is over its limit.
 * `--release [FOLDER]` measures the files that ship, of dist/release, with limits of their own.
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
import { RBAC_LIMIT_MS, rbacTime } from "./rbac-time.ts";
import { releaseBench } from "./release-bench.ts";
import { roleProfileContestants, roleProfileDesk } from "./role-profile.ts";
import { slowReadings } from "./text-growth.ts";
import { warmUp } from "./warm-home.ts";

/** The warm call must not cost more than this many bare Nodes. Source: krew/PACKAGING.md, "Launcher". */
const GATE = 1.25;

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
  await (values.release ? benchRelease() : benchBundle());
} finally {
  await lab.close();
}

function has(program: string): boolean {
  return spawnSync("which", [program], { env: lab.env }).status === 0;
}

async function benchRelease(): Promise<void> {
  const [folder = "dist/release"] = positionals;
  const bench = { lab, shipped: shippedFiles(path.resolve(folder)), rounds: Number(values.rounds), has };
  const broken = await releaseBench(bench, values.output);
  for (const limit of broken) process.stderr.write(`Over the limit: ${limit}\n`);
  if (values.gate && broken.length > 0) process.exitCode = 1;
}

async function benchBundle(): Promise<void> {
  const quick = measure(quickContestants(lab), Number(values.rounds));
  const roleProfile = await roleProfileContestants(
    await roleProfileDesk(lab),
    [process.execPath, PROGRAM],
    has,
  );
  const peers = measure([...peerContestants(lab, has), ...roleProfile], Math.ceil(Number(values.rounds) / 8));
  const modules = loadedModules(lab);
  report([...quick, ...peers], {
    modules,
    doctor: await doctorTime(lab),
    rbacMs: rbacTime(),
    slow: slowReadings(),
  });
}

interface Beside {
  readonly modules: readonly string[];
  readonly doctor: DoctorTime;
  /** RBAC of 10,000 objects, in milliseconds. */
  readonly rbacMs: number;
  /** What reads long text too slowly. */
  readonly slow: readonly string[];
}

function report(timings: readonly Timing[], { modules, doctor, rbacMs, slow }: Beside): void {
  const minOf = (name: string) => timings.find((timing) => timing.name === name)?.min ?? Number.NaN;
  const ratio = minOf(OURS) / minOf(BARE_NODE);
  if (values.output === "json") {
    const rows = timings.map((timing) => ({
      ...timing,
      ratioToNode: timing.min / minOf(BARE_NODE),
      ratioToOurs: timing.min / minOf(OURS),
    }));
    process.stdout.write(
      `${JSON.stringify({ timings: rows, warmToNode: ratio, gate: GATE, modulesOnWarmPath: modules, doctor, rbacMs, slowReadings: slow }, null, 2)}\n`,
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
    process.stdout.write(`RBAC of 10,000 objects in ${rbacMs.toFixed(0)} ms (at most ${RBAC_LIMIT_MS})\n`);
    process.stdout.write(`Readings whose time grows faster than the text: ${slow.join(", ") || "none"}\n`);
    process.stdout.write(`Warm credential eks = ${ratio.toFixed(2)} × node -e 0 (at most ${GATE})\n`);
  }
  if (values.gate && !(rbacMs <= RBAC_LIMIT_MS)) {
    process.stderr.write(
      `RBAC of 10,000 objects takes ${rbacMs.toFixed(0)} ms; the limit is ${RBAC_LIMIT_MS}.\n`,
    );
    process.exitCode = 1;
  }
  if (values.gate && slow.length > 0) {
    process.stderr.write(`The time of these readings grows faster than the text: ${slow.join(", ")}.\n`);
    process.exitCode = 1;
  }
  if (values.gate && !(ratio <= GATE)) {
    process.stderr.write(`The warm call costs ${ratio.toFixed(2)} × node -e 0; the gate is ${GATE}.\n`);
    process.exitCode = 1;
  }
}
