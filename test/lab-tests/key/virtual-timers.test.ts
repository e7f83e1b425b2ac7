import assert from "node:assert/strict";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";

describe("virtual time", () => {
  it("fires timers in the order of their time, those of one time in the order they were set", async () => {
    const timers = virtualTimers();
    const fired: [string, number][] = [];
    await new Promise<void>((resolve) => {
      timers.after(30_000, () => {
        fired.push(["late", timers.now()]);
        resolve();
      });
      timers.after(10, () => {
        fired.push(["first", timers.now()]);
        timers.after(5, () => fired.push(["nested", timers.now()]));
      });
      timers.after(10, () => fired.push(["second", timers.now()]));
    });
    assert.deepEqual(fired, [
      ["first", 10],
      ["second", 10],
      ["nested", 15],
      ["late", 30_000],
    ]);
  });

  it("does not fire what was stopped", async () => {
    const timers = virtualTimers();
    const stop = timers.after(1, () => assert.fail("fired"));
    stop();
    await new Promise<void>((resolve) => timers.after(5, resolve));
    assert.equal(timers.now(), 5);
  });

  it("lets promises settle before it moves on", async () => {
    const timers = virtualTimers();
    let settled = false;
    timers.after(1, () => {
      void Promise.resolve().then(async () => {
        await undefined;
        settled = true;
      });
    });
    await new Promise<void>((resolve) =>
      timers.after(2, () => {
        assert.ok(settled);
        resolve();
      }),
    );
  });
});
