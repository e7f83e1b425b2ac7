import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  DEBUG_CHANNEL,
  debug,
  debugged,
  goodFor,
  isDebugging,
  sizeText,
  stacksOf,
  withoutDebugLines,
} from "../../token/debug.ts";
import { isDebugOn } from "../../token/hot/debug-variable.ts";

describe("debug lines", () => {
  const lines: unknown[] = [];
  const listen = (line: unknown) => void lines.push(line);
  beforeEach(() => {
    lines.length = 0;
    subscribe(DEBUG_CHANNEL, listen);
  });
  afterEach(() => void unsubscribe(DEBUG_CHANNEL, listen));

  it("reach whoever listens, and nobody else", () => {
    assert.equal(isDebugging(), true);
    debug("read a file");
    unsubscribe(DEBUG_CHANNEL, listen);
    assert.equal(isDebugging(), false);
    debug("read another file");
    assert.deepEqual(lines, ["read a file"]);
  });

  it("tell what came of some work and how long it took", async () => {
    const value = await debugged(
      "GET https://eks.example/",
      async () => ({ status: 200 }),
      ({ status }) => status,
    );
    assert.deepEqual(value, { status: 200 });
    assert.match(String(lines[0]), /^GET https:\/\/eks\.example\/ → 200 in \d+ ms$/);
  });

  it("tell why some work failed, and let it fail", async () => {
    const work = debugged("GET /", () => Promise.reject(new Error("it is\ngone")), String);
    await assert.rejects(work, { message: "it is\ngone" });
    assert.match(String(lines[0]), /^GET \/ → failed in \d+ ms: it is gone$/);
  });

  it("tell of an error where it was thrown, and of its causes up to the fifth", () => {
    const chain = (depth: number): Error =>
      new Error(`number ${depth}`, { cause: depth === 0 ? "a word" : chain(depth - 1) });
    assert.match(
      stacksOf(chain(1)),
      /^Error: number 1\n {4}at [\s\S]*\ncaused by Error: number 0\n[\s\S]*\ncaused by a word$/,
    );
    assert.equal(stacksOf(chain(8)).split("\ncaused by ").length, 5);
    const endless = new Error("itself");
    endless.cause = endless;
    assert.equal(stacksOf(endless).split("\ncaused by ").length, 5);
  });

  it("tell sizes and times for people", () => {
    assert.deepEqual([0, 999, 1000, 1249].map(sizeText), ["0 B", "999 B", "1.0 kB", "1.2 kB"]);
    assert.equal(goodFor(839_700), "valid for 840 s");
  });

  it("are taken out of what another program said", () => {
    const said = "debug +0.012s read ~/.kube/config (1.2 kB)\nUnauthorized\ndebug: off\ndebug +12.345s done";
    assert.equal(withoutDebugLines(said), "Unauthorized\ndebug: off\n");
  });
});

describe("VOUCH_DEBUG", () => {
  for (const [value, isOn] of [
    [undefined, false],
    ["", false],
    ["0", false],
    ["false", false],
    ["FALSE", false],
    ["1", true],
    ["true", true],
    ["yes", true],
  ] as const)
    it(`${value === undefined ? "unset" : JSON.stringify(value)} is ${isOn ? "on" : "off"}`, () => {
      assert.equal(isDebugOn(value), isOn);
    });
});
