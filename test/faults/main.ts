/**
 * `npm run test:faults`: the built program under kills, full disks, hostile servers and hostile files, on the lab. Ends
 * with figures, and with status 1 when anything did not hold. `--seed N` repeats a run; `--only GROUP` does one group, `--match
 * WORDS` the trials in whose names these stand. With TEST_PART it does a part of them.
 */
import { parseArgs } from "node:util";
import { randomNumbers } from "../support/mutations.ts";
import { type Bench, startBench } from "./bench.ts";
import { bigFiles } from "./big-files.ts";
import { suiteBites } from "./bites.ts";
import { Board, figures, problems } from "./board.ts";
import { hinderWrites } from "./hindered-writes.ts";
import { lyingServers, waitingServers } from "./hostile-servers.ts";
import { killCommands } from "./kills.ts";
import { enterOwnMounts } from "./mounts.ts";
import { NormalRuns } from "./normal-run.ts";
import { oddFiles } from "./odd-files.ts";

enterOwnMounts();

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string" },
    match: { type: "string", default: "" },
    kills: { type: "string", default: "32" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const started = performance.now();
process.stdout.write(`Seed: ${seed}\n`);

const board = new Board(values.match);
/** Each group draws for itself, so that one alone does what it does among the others. */
const drawn = () => randomNumbers(seed);
const normalRuns = new NormalRuns();
const [benches, waiting] = [await startBenches(3), await startBenches(3)];
const groups: Record<string, () => Promise<void>> = {
  bites: async () => {
    for (const bench of benches.slice(0, 1)) await suiteBites(board, bench, normalRuns);
  },
  kills: () => killCommands(board, benches, { each: Number(values.kills), random: drawn(), normalRuns }),
  writes: () => hinderWrites(board, benches, { random: drawn(), normalRuns }),
  files: () => oddFiles(board, benches, { random: drawn(), normalRuns }),
  sizes: () => bigFiles(board, benches, drawn()),
};
const isWanted = (group: string) => values.only === undefined || values.only === group;

/** One group, with its time. */
async function runGroup(name: string, run: () => Promise<void>): Promise<void> {
  if (!isWanted(name)) return;
  const start = performance.now();
  await run();
  process.stdout.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}

try {
  // Who waits for a server does not work: that is done beside all else.
  const worked = (async () => {
    for (const [name, run] of Object.entries(groups)) await runGroup(name, run);
  })();
  const others = benches.map((bench) => worked.then(() => bench));
  const met = (async () => {
    await runGroup("waits", () => waitingServers(board, waiting));
    await runGroup("lies", () => lyingServers(board, [...waiting, ...others], drawn()));
  })();
  await Promise.all([worked, met]);
} finally {
  await Promise.all([...benches, ...waiting].map((bench) => bench.close()));
}

const total = (field: "tried" | "held") => board.rows.reduce((sum, row) => sum + row[field], 0);
const failing = total("tried") - total("held");
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`\n${figures(board.rows)}\n  ${total("held")} passing (${seconds}s, seed ${seed})\n`);
if (failing > 0) process.stdout.write(`  ${failing} failing\n\n${problems(board.rows)}`);
process.exit(failing > 0 || total("tried") === 0 ? 1 : 0);

function startBenches(count: number): Promise<Bench[]> {
  return Promise.all(Array.from({ length: count }, startBench));
}
