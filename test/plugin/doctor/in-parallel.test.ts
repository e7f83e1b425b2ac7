import assert from "node:assert/strict";
import { inParallel } from "../../../plugin/doctor/in-parallel.ts";

describe("inParallel", () => {
  it("works on so many items at once, and keeps their order", async () => {
    let now = 0;
    let most = 0;
    const results = await inParallel([5, 1, 4, 2, 3], { atOnce: 2 }, async (item) => {
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      now -= 1;
      return item * 10;
    });
    assert.deepEqual({ results, most }, { results: [50, 10, 40, 20, 30], most: 2 });
  });

  it("rejects with the first failure", async () => {
    const work = inParallel([1, 2], { atOnce: 4 }, async (item) => {
      throw new Error(`item ${item}`);
    });
    await assert.rejects(work, { message: "item 1" });
    assert.deepEqual(await inParallel([], { atOnce: 4 }, async () => 1), []);
  });
});
