import assert from "node:assert/strict";
import { withProgress } from "../../../plugin/terminal/progress.ts";
import { fakeApp } from "../../support/fake-app.ts";

/** Timers that fire when the test says so. */
function handTimers() {
  const { setTimeout, clearTimeout } = globalThis;
  const waiting = new Map<number, { readonly fire: () => void; readonly at: number }>();
  let now = 0;
  let count = 0;
  return {
    install: () =>
      Object.assign(globalThis, {
        setTimeout: (fire: () => void, ms: number) => {
          count += 1;
          waiting.set(count, { fire, at: now + ms });
          return count;
        },
        clearTimeout: (id: number) => waiting.delete(id),
      }),
    remove: () => Object.assign(globalThis, { setTimeout, clearTimeout }),
    pass(ms: number) {
      now += ms;
      for (const [id, { fire, at }] of waiting) {
        if (at > now) continue;
        waiting.delete(id);
        fire();
      }
    },
  };
}

describe("withProgress", () => {
  const CLEAR = "\r\u001b[K";
  const timers = handTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.remove());

  it("says nothing of what takes less than 200 ms", async () => {
    const app = fakeApp({ home: "/nonexistent" });
    const work = withProgress(app, "Working…", async (say) => {
      say("Still working…");
      timers.pass(199);
      return 7;
    });
    assert.equal(await work, 7);
    timers.pass(1000);
    assert.deepEqual(app.written, { stdout: "", stderr: "" });
  });

  it("says one line in a pipe after 200 ms, however many steps the work has", async () => {
    const app = fakeApp({ home: "/nonexistent" });
    await withProgress(app, "Working…", async (say) => {
      say("1 of 200");
      timers.pass(200);
      for (let done = 2; done <= 200; done += 1) say(`${done} of 200`);
    });
    assert.deepEqual(app.written, { stdout: "", stderr: "Working…\n" });
  });

  it("shows each step on a terminal", async () => {
    const app = fakeApp({ home: "/nonexistent", terminals: ["stderr"] });
    await withProgress(app, "Working…", async (say) => {
      say("1 of 2");
      timers.pass(200);
      say("1 of 2");
      say("2 of 2");
    });
    assert.equal(app.written.stderr, `${CLEAR}1 of 2${CLEAR}2 of 2${CLEAR}`);
  });

  it("writes over its line on a terminal, cut to its width, and takes it away in the end", async () => {
    const app = fakeApp({ home: "/nonexistent", terminals: ["stderr"], columns: 12 });
    await withProgress(app, "A line that is too long", async (say) => {
      timers.pass(200);
      say("short");
    });
    assert.equal(app.written.stderr, `${CLEAR}A line that${CLEAR}short${CLEAR}`);
  });

  for (const env of [{ TERM: "dumb" }, { NO_COLOR: "1" }]) {
    it(`says one line without any escape on a terminal with ${JSON.stringify(env)}`, async () => {
      const app = fakeApp({ home: "/nonexistent", env, terminals: ["stderr"] });
      await withProgress(app, "Working…", async (say) => {
        timers.pass(200);
        say("2 of 2");
      });
      assert.equal(app.written.stderr, "Working…\n");
    });
  }

  it("takes the line away also when the work fails", async () => {
    const app = fakeApp({ home: "/nonexistent", terminals: ["stderr"] });
    const work = withProgress(app, "Working…", async () => {
      timers.pass(200);
      throw new Error("broken");
    });
    await assert.rejects(work, /broken/);
    assert.equal(app.written.stderr, `${CLEAR}Working…${CLEAR}`);
  });

  it("is of one work at a time: what is done within it says nothing", async () => {
    const app = fakeApp({ home: "/nonexistent" });
    await withProgress(app, "All…", () => withProgress(app, "One of them…", async () => timers.pass(200)));
    await withProgress(app, "More…", async () => timers.pass(200));
    assert.equal(app.written.stderr, "All…\nMore…\n");
  });
});
