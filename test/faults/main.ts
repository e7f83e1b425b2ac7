/**
 * `npm run test:faults`: the built program under kills, full disks, hostile servers and hostile files, on the lab. Ends
 * with figures, and with status 1 when anything did not hold. `--seed N` repeats a run; `--only GROUP` does one group.
 */
import { parseArgs } from "node:util";
import { randomNumbers } from "../support/mutations.ts";
import { startBench } from "./bench.ts";
import { bigFiles } from "./big-files.ts";
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
    kills: { type: "string", default: "40" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = randomNumbers(seed);
const started = performance.now();
process.stdout.write(`Seed: ${seed}\n`);

const board = new Board();
const normalRuns = new NormalRuns();
const benches = await Promise.all([startBench(), startBench(), startBench()]);
const groups: Record<string, () => Promise<void>> = {
  kills: () => killCommands(board, benches, { each: Number(values.kills), random, normalRuns }),
  waits: () => waitingServers(board, benches),
  lies: () => lyingServers(board, benches),
  files: () => oddFiles(board, benches, { random, normalRuns }),
  sizes: () => bigFiles(board, benches),
  writes: () => hinderWrites(board, benches, { random, normalRuns }),
};
try {
  for (const [name, run] of Object.entries(groups)) {
    if (values.only !== undefined && values.only !== name) continue;
    const start = performance.now();
    await run();
    process.stdout.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
} finally {
  await Promise.all(benches.map((bench) => bench.close()));
}

const total = (field: "tried" | "held") => board.rows.reduce((sum, row) => sum + row[field], 0);
const failing = total("tried") - total("held");
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`\n${figures(board.rows)}\n  ${total("held")} passing (${seconds}s, seed ${seed})\n`);
if (failing > 0) process.stdout.write(`  ${failing} failing\n\n${problems(board.rows)}`);
process.exit(failing > 0 || total("tried") === 0 ? 1 : 0);
