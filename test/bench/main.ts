/**
 * `npm run bench`: what a kubectl costs with us and with the peers, side by side in one run, as ratios. `-o json` for
 * programs; `--gate` ends with status 1 when the warm call costs more than 1.25 × a bare Node.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { table } from "../../plugin/output.ts";
import { startLab } from "../lab/lab.ts";
import { BARE_NODE, OURS, peerContestants, quickContestants } from "./contestants.ts";
import { type DoctorTime, doctorTime } from "./doctor-time.ts";
import { loadedModules } from "./loaded-modules.ts";
import { measure, type Timing } from "./measure.ts";
import { warmUp } from "./warm-home.ts";

/** The warm call must not cost more than this many bare Nodes. Source: issue 3, section 6. */
const GATE = 1.25;

const { values } = parseArgs({
  options: {
    output: { type: "string", short: "o", default: "text" },
    gate: { type: "boolean", default: false },
    rounds: { type: "string", default: "40" },
  },
});

const lab = await startLab();
try {
  await warmUp(lab);
  const has = (program: string) => spawnSync("which", [program], { env: lab.env }).status === 0;
  const quick = measure(quickContestants(lab), Number(values.rounds));
  const peers = measure(peerContestants(lab, has), Math.ceil(Number(values.rounds) / 8));
  const modules = loadedModules(lab);
  report([...quick, ...peers], { modules, doctor: await doctorTime(lab) });
} finally {
  await lab.close();
}

interface Beside {
  readonly modules: readonly string[];
  readonly doctor: DoctorTime;
}

function report(timings: readonly Timing[], { modules, doctor }: Beside): void {
  const minOf = (name: string) => timings.find((timing) => timing.name === name)?.min ?? Number.NaN;
  const ratio = minOf(OURS) / minOf(BARE_NODE);
  if (values.output === "json") {
    const rows = timings.map((timing) => ({
      ...timing,
      ratioToNode: timing.min / minOf(BARE_NODE),
      ratioToOurs: timing.min / minOf(OURS),
    }));
    process.stdout.write(
      `${JSON.stringify({ timings: rows, warmToNode: ratio, gate: GATE, modulesOnWarmPath: modules, doctor }, null, 2)}\n`,
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
    process.stdout.write(`Warm credential eks = ${ratio.toFixed(2)} × node -e 0 (at most ${GATE})\n`);
  }
  if (values.gate && !(ratio <= GATE)) {
    process.stderr.write(`The warm call costs ${ratio.toFixed(2)} × node -e 0; the gate is ${GATE}.\n`);
    process.exitCode = 1;
  }
}
