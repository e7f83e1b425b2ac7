import assert from "node:assert/strict";
import { pause, unlessInterrupted } from "../../token/timers.ts";
import { virtualTimers } from "../lab/key/virtual-timers.ts";

describe("an interruption", () => {
  it("that does not come changes nothing", async () => {
    const { signal } = new AbortController();
    assert.equal(await unlessInterrupted(Promise.resolve(7), signal), 7);
    await assert.rejects(unlessInterrupted(Promise.reject(new TypeError("own")), signal), {
      name: "TypeError",
    });
  });

  it("ends what would never end", async () => {
    const abort = new AbortController();
    const waiting = unlessInterrupted(new Promise<never>(() => {}), abort.signal);
    abort.abort();
    await assert.rejects(waiting, { code: "interrupted", exit: 130 });
  });

  it("that came before is heeded", async () => {
    await assert.rejects(unlessInterrupted(Promise.resolve(7), AbortSignal.abort()), { code: "interrupted" });
  });

  it("cuts a pause short and leaves no timer behind", async () => {
    const timers = virtualTimers();
    const abort = new AbortController();
    timers.after(40, () => abort.abort());
    await assert.rejects(pause(1000, timers, abort.signal), { code: "interrupted" });
    assert.equal(timers.now(), 40);
    await pause(10, timers, new AbortController().signal);
    assert.equal(timers.now(), 50);
  });
});
