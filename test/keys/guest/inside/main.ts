/** Runs in a guest, as its only program: every scenario of one kind of key in turn, a line for each to the host. */
import fs from "node:fs";
import { stacksOf } from "../../../../token/debug.ts";
import { Bench } from "./bench.ts";
import type { KeyPlace } from "./key/orders.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { Verdict } from "./verdict.ts";

/** A scenario that hangs is a failure, in milliseconds. */
const LIMIT_MS = 120_000;

const place = process.argv[2] as KeyPlace;
const port = fs.openSync("/dev/ttyS1", "w");
let uncaught: unknown;
process.on("uncaughtException", (error) => {
  uncaught = error;
});

const bench = new Bench(place);
for (const [scenario, work] of Object.entries(SCENARIOS[place])) {
  const start = performance.now();
  uncaught = undefined;
  const failure = await within(LIMIT_MS, async () => {
    await bench.ready();
    await work(bench);
  }).then(
    () => uncaught,
    (error) => error,
  );
  const verdict: Verdict = {
    scenario,
    ms: Math.round(performance.now() - start),
    ...(failure !== undefined && { failure: stacksOf(failure) }),
  };
  // Whatever it left behind is gone with the power.
  if (failure !== undefined) await bench.unplug().catch(() => undefined);
  fs.writeSync(port, `${JSON.stringify(verdict)}\n`);
}
bench.rig.end();
process.exit();

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`it took longer than ${ms / 1000} s`)), ms);
  await Promise.race([work(), late.promise]).finally(() => clearTimeout(timer));
}
