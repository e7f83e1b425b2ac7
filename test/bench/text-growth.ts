import assert from "node:assert/strict";
import { TEXT_FUNCTIONS } from "./functions.ts";
import { SHAPES, shaped } from "./shapes.ts";

/** Four times the text: a square would take sixteen times the time. On a machine that is busy, a line takes up to eight. */
const MOST = 10;

/** What is quicker than this, in milliseconds, is not told from noise. */
const FLOOR_MS = 3;

/** Rounds of measuring, until one is quick enough: another program may have had the processor. */
const ROUNDS = 40;

describe("time grows with the text, from 10,000 to 40,000 characters at most tenfold", function () {
  this.timeout(120_000);
  for (const [name, work] of Object.entries(TEXT_FUNCTIONS)) {
    it(name, () => {
      const slow = SHAPES.filter((shape) => !growsLinearly(work, shape));
      assert.deepEqual(slow, []);
    });
  }
});

function growsLinearly(work: (text: string) => unknown, shape: string): boolean {
  const [short, long] = [shaped(shape, 10_000), shaped(shape, 40_000)];
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    shortMs = Math.min(shortMs, timeOf(work, short));
    longMs = Math.min(longMs, timeOf(work, long));
    if (longMs <= MOST * Math.max(FLOOR_MS, shortMs)) return true;
  }
  return false;
}

function timeOf(work: (text: string) => unknown, text: string): number {
  const start = performance.now();
  try {
    work(text);
  } catch {}
  return performance.now() - start;
}
