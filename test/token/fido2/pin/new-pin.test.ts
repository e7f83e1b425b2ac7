import assert from "node:assert/strict";
import { YUBIKEY_5_1, YUBIKEY_5_4_3, YUBIKEY_5_7_1 } from "../../../lab/key/soft-key-profiles.ts";
import { type SoftKeyState, softPinHash } from "../../../lab/key/soft-key-state.ts";
import { PIN } from "../key-bench.ts";
import { judged, registrationBench } from "../registration-bench.ts";

const NEW = "canary-new-pin-5521";
const FRESH = { minLength: 8, isChange: false, problem: undefined };
const CHANGE = { ...FRESH, isChange: true };

const hasPin = ({ pinHash }: SoftKeyState, pin: string) => pinHash === softPinHash(Buffer.from(pin));
const mustChange = (state: SoftKeyState) => {
  state.forcePinChange = true;
};

describe("a key without a PIN", () => {
  for (const profile of [YUBIKEY_5_1, YUBIKEY_5_4_3, YUBIKEY_5_7_1]) {
    it(`gets the PIN that was typed twice, and is not asked for it again: ${profile.name}`, async () => {
      const bench = registrationBench({ profile, pin: null, newPins: [[NEW, NEW]] });
      assert.notEqual(judged(await bench.register()), undefined);
      assert.equal(hasPin(bench.state.current, NEW), true);
      assert.deepEqual({ newPinAsks: bench.newPinAsks, asks: bench.asks }, { newPinAsks: [FRESH], asks: [] });
    });
  }

  it("gets none as long as the two differ, or are too short or too long", async () => {
    const long = "ä".repeat(32);
    const newPins = [
      ["one-canary-pin", "two-canary-pin"],
      ["1234567", "1234567"],
      [long, long],
    ] as const;
    const bench = registrationBench({ profile: YUBIKEY_5_7_1, pin: null, newPins });
    await assert.rejects(bench.register(), {
      code: "pin-unsuitable",
      message: "A PIN must be at most 63 bytes long.",
    });
    assert.deepEqual(
      bench.newPinAsks.map(({ problem }) => problem),
      [undefined, "different", "too-short"],
    );
    assert.equal(bench.state.current.pinHash, null);
  });

  it("counts characters, not bytes, in their composed form", async () => {
    const decomposed = "e\u0301".repeat(8);
    const bench = registrationBench({
      profile: YUBIKEY_5_7_1,
      pin: null,
      newPins: [[decomposed, decomposed]],
    });
    await bench.register();
    assert.equal(hasPin(bench.state.current, "é".repeat(8)), true);
  });

  it("says how long a PIN has to be where it wants a longer one", async () => {
    const profile = { ...YUBIKEY_5_7_1, more: new Map([...YUBIKEY_5_7_1.more, [0x0d, 12]]) };
    const bench = registrationBench({ profile, pin: null, newPins: [[NEW, NEW]] });
    await bench.register();
    assert.deepEqual(bench.newPinAsks, [{ ...FRESH, minLength: 12 }]);
  });

  it("that does not take the PIN is told so, and another is asked for", async () => {
    // The key wants more than it says, as one with a policy on PINs does.
    const profile = { ...YUBIKEY_5_7_1, pinPolicy: (pin: string) => pin.length > 12 };
    const bench = registrationBench({
      profile,
      pin: null,
      newPins: [
        ["canary-pin-1", "canary-pin-1"],
        [NEW, NEW],
      ],
    });
    await bench.register();
    assert.deepEqual(bench.newPinAsks, [FRESH, { ...FRESH, problem: "refused" }]);
  });

  it("stays without one where nobody can be asked", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1, pin: null, newPins: [undefined] });
    await assert.rejects(bench.register(), { code: "pin-missing" });
    assert.equal(bench.state.current.pinHash, null);
  });
});

describe("a key that demands another PIN", () => {
  it("is given it with the old one, and registers", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1, change: mustChange, newPins: [[NEW, NEW]] });
    assert.notEqual(judged(await bench.register()), undefined);
    assert.deepEqual(
      [hasPin(bench.state.current, NEW), bench.state.current.forcePinChange, bench.asks.length],
      [true, false, 1],
    );
    assert.deepEqual(bench.newPinAsks, [CHANGE]);
  });

  it("keeps the old one when it was typed wrong, which costs one try", async () => {
    const bench = registrationBench({
      profile: YUBIKEY_5_7_1,
      change: mustChange,
      pins: ["canary-wrong-0000"],
      newPins: [[NEW, NEW]],
    });
    await assert.rejects(bench.register(), { code: "pin-wrong" });
    assert.deepEqual([hasPin(bench.state.current, PIN), bench.state.current.pinRetries], [true, 7]);
  });

  for (const [what, lost, code] of [
    ["is blocked for good", { pinRetries: 0 }, "pin-blocked"],
    ["wants to be unplugged", { pinRetries: 5, wrongInARow: 3 }, "pin-locked"],
  ] as const) {
    it(`and ${what} is asked nothing`, async () => {
      const bench = registrationBench({
        profile: YUBIKEY_5_7_1,
        change: (state) => Object.assign(state, { forcePinChange: true }, lost),
      });
      await assert.rejects(bench.register(), { code });
      assert.deepEqual({ asks: bench.asks, newPinAsks: bench.newPinAsks }, { asks: [], newPinAsks: [] });
    });
  }

  for (const [what, answers] of [
    ["the old PIN", { pins: [undefined] }],
    ["a new one", { newPins: [undefined] }],
  ] as const) {
    it(`is left alone where nobody can be asked for ${what}`, async () => {
      const bench = registrationBench({ profile: YUBIKEY_5_7_1, change: mustChange, ...answers });
      await assert.rejects(bench.register(), { code: "pin-change-required" });
      assert.equal(hasPin(bench.state.current, PIN), true);
    });
  }
});
