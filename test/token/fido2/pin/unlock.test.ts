import assert from "node:assert/strict";
import { findKey } from "../../../../token/fido2/ceremony/find-key.ts";
import { CtapStatusError } from "../../../../token/fido2/ctap/status.ts";
import { unlock } from "../../../../token/fido2/pin/unlock.ts";
import { systemTimers } from "../../../../token/timers.ts";
import type { FingerOutcome } from "../../../lab/key/soft-finger.ts";
import {
  type SoftKeyProfile,
  YUBIKEY_5_4_3,
  YUBIKEY_5_7_1,
  YUBIKEY_BIO_5_6_4,
} from "../../../lab/key/soft-key-profiles.ts";
import { type KeyBenchOptions, keyBench, PIN, PIN_KEYS, RP_ID } from "../key-bench.ts";
import { refuseOnce } from "../refuse-once.ts";
import { verified } from "../verified.ts";

const FRESH = { attemptsLeft: undefined, retry: false, problem: undefined };
const afterWrong = (attemptsLeft: number) => ({ attemptsLeft, retry: true, problem: "wrong" });
const NAME = "Yubico YubiKey 5 NFC (5.7.1)";
const WRONG = "canary-wrong-0000";

describe("unlocking a security key", () => {
  for (const profile of PIN_KEYS) {
    it(`asks again after wrong PINs and says how many tries are left: ${profile.name}`, async () => {
      const { login, asks, state } = keyBench({ profile, pins: [WRONG, WRONG, PIN] });
      await login();
      assert.deepEqual(asks, [FRESH, afterWrong(7), afterWrong(6)]);
      assert.deepEqual([state.current.pinRetries, state.current.wrongInARow], [8, 0]);
    });

    it(`stops after three wrong PINs, and works again once the key was plugged in again: ${profile.name}`, async () => {
      const bench = keyBench({ profile, pins: [WRONG, WRONG, WRONG, PIN] });
      await assert.rejects(bench.login(), {
        code: "pin-locked",
        message: `${profile.name} does not accept a PIN until it is plugged in again, because three in a row were wrong.`,
      });
      assert.equal(bench.state.current.pinRetries, 5);

      bench.key.unplug();
      bench.key.plugIn();
      await bench.login();
      assert.deepEqual(bench.asks.at(-1), { attemptsLeft: 5, retry: false, problem: undefined });
      assert.equal(bench.state.current.pinRetries, 8);
    });
  }

  it("does not ask for a PIN that the key will not take before it is plugged in again", async () => {
    const { login, asks } = keyBench({
      profile: YUBIKEY_5_7_1,
      change: (state) => Object.assign(state, { pinRetries: 5, wrongInARow: 3 }),
    });
    await assert.rejects(login(), { code: "pin-locked" });
    assert.deepEqual(asks, []);
  });

  it("learns that from the refusal where the key does not tell before", async () => {
    const { login, state } = keyBench({
      profile: YUBIKEY_5_4_3,
      change: (current) => Object.assign(current, { pinRetries: 5, wrongInARow: 3 }),
    });
    await assert.rejects(login(), { code: "pin-locked" });
    assert.equal(state.current.pinRetries, 5);
  });

  it("does not ask a fourth time where the key is silent about it: it would not look at the PIN", async () => {
    const { login, asks } = keyBench({
      profile: { ...YUBIKEY_5_4_3, thirdWrongPinStatus: 0x31 },
      pins: [WRONG, WRONG, WRONG],
    });
    await assert.rejects(login({ pinAttempts: 9 }), { code: "pin-locked" });
    assert.deepEqual(asks, [FRESH, afterWrong(7), afterWrong(6)]);
  });

  it("spends no try where the key does not tell how many are left, and nobody can be asked", async () => {
    const profile = { ...YUBIKEY_5_4_3, pinRetriesStatus: 0x7f };
    const { login, state } = keyBench({ profile });
    await assert.rejects(login({ pinAttempts: 1 }), { code: "pin-unavailable", message: /does not report/ });
    assert.equal(state.current.pinRetries, 8);
    await keyBench({ profile }).login();
  });

  it("keeps a way to another token, and wipes both", async () => {
    const { options, state } = keyBench({ profile: YUBIKEY_5_7_1 });
    const { keys, prompts, signal, timeoutMs, timers = systemTimers } = options;
    const key = await findKey({ keys, prompts, signal, timeoutMs, timers });
    const scope = { rpId: RP_ID, permission: "getAssertion" } as const;
    const unlocked = await unlock(key, { scope, prompts, signal, pinAttempts: 1 });
    const proof = () => {
      const verification = unlocked.verification(Buffer.alloc(32));
      assert.ok(typeof verification === "object");
      return Buffer.from(verification.pinUvAuthParam).toString("hex");
    };
    const first = proof();
    await unlocked.renew(new CtapStatusError(0x33));
    const second = proof();
    assert.notEqual(first, second);
    await assert.rejects(unlocked.renew(new CtapStatusError(0x27)), { status: 0x27 });
    unlocked.wipe();
    assert.ok(![first, second].includes(proof()));
    await assert.rejects(unlocked.renew(new CtapStatusError(0x33)), { status: 0x31 });
    assert.equal(state.current.pinRetries, 7);
    await key.close();
  });

  it("tries a PIN from standard input once", async () => {
    const { login, asks, state } = keyBench({ profile: YUBIKEY_5_7_1, pins: [WRONG] });
    await assert.rejects(login({ pinAttempts: 1 }), {
      code: "pin-wrong",
      message: "The PIN is wrong. Attempts left: 7.",
    });
    assert.deepEqual({ asks, left: state.current.pinRetries }, { asks: [FRESH], left: 7 });
  });

  describe("near the end of the tries", () => {
    it("stops when one is left, instead of asking again", async () => {
      const { login, asks, state } = keyBench({
        profile: YUBIKEY_5_7_1,
        pins: [WRONG],
        change: (current) => Object.assign(current, { pinRetries: 2 }),
      });
      await assert.rejects(login(), {
        code: "pin-wrong",
        message: `The PIN is wrong. One attempt is left before ${NAME} is permanently blocked, so kubectl-vouch does not prompt again.`,
      });
      assert.deepEqual({ left: state.current.pinRetries, asks: asks.length }, { left: 1, asks: 1 });
    });

    it("lets a person spend the last one, told that it is the last", async () => {
      const { login, asks, state } = keyBench({
        profile: YUBIKEY_5_7_1,
        change: (current) => Object.assign(current, { pinRetries: 1 }),
      });
      await login();
      assert.deepEqual(asks, [{ attemptsLeft: 1, retry: false, problem: undefined }]);
      assert.equal(state.current.pinRetries, 8);
    });

    it("does not spend the last one on standard input", async () => {
      const { login, asks, state } = keyBench({
        profile: YUBIKEY_5_7_1,
        change: (current) => Object.assign(current, { pinRetries: 1 }),
      });
      await assert.rejects(login({ pinAttempts: 1 }), { code: "pin-unavailable" });
      assert.deepEqual({ asks, left: state.current.pinRetries }, { asks: [], left: 1 });
    });

    it("says pin-blocked when the last one was wrong, and ever after", async () => {
      const { login, state } = keyBench({
        profile: YUBIKEY_5_7_1,
        pins: [WRONG],
        change: (current) => Object.assign(current, { pinRetries: 1 }),
      });
      const blocked = {
        code: "pin-blocked",
        message: `The PIN of ${NAME} is permanently blocked: it was wrong too many times.`,
      };
      await assert.rejects(login(), blocked);
      await assert.rejects(login(), blocked);
      assert.equal(state.current.pinRetries, 0);
    });
  });

  describe("a PIN that cannot be right", () => {
    it("is asked for again without costing a try", async () => {
      const { login, asks, state } = keyBench({ profile: YUBIKEY_5_7_1, pins: ["123", "x".repeat(64), PIN] });
      await login();
      assert.deepEqual(asks, [
        FRESH,
        { attemptsLeft: undefined, retry: true, problem: "too-short" },
        { attemptsLeft: undefined, retry: true, problem: "too-long" },
      ]);
      assert.equal(state.current.pinRetries, 8);
    });

    for (const [pin, message] of [
      ["", `The PIN of ${NAME} must be at least 4 characters long.`],
      ["x".repeat(64), `The PIN of ${NAME} must be at most 63 bytes long.`],
    ] as const) {
      it(`ends the login when it is the only one: ${pin.length} characters`, async () => {
        const { login } = keyBench({ profile: YUBIKEY_5_7_1, pins: [pin] });
        await assert.rejects(login({ pinAttempts: 1 }), { code: "pin-wrong", message });
      });
    }
  });

  it("takes a PIN with an accent, however it was typed", async () => {
    const { login } = keyBench({ profile: YUBIKEY_5_7_1, pin: "caf\u00e9-7391", pins: ["cafe\u0301-7391"] });
    assert.ok(await login());
  });

  it("says that there is no way to ask", async () => {
    const { login } = keyBench({ profile: YUBIKEY_5_7_1, pins: [undefined] });
    await assert.rejects(login(), { code: "pin-unavailable" });
  });

  describe("does not ask for a PIN that cannot help", () => {
    const { options } = YUBIKEY_5_7_1;
    for (const [what, [bench, code]] of Object.entries({
      "there is none": [{ profile: YUBIKEY_5_7_1, pin: null }, "pin-missing"],
      "the key demands a new one": [
        { profile: YUBIKEY_5_7_1, change: (state: object) => Object.assign(state, { forcePinChange: true }) },
        "pin-change-required",
      ],
      "the key uses PINs for other things": [
        { profile: { ...YUBIKEY_5_7_1, options: { ...options, noMcGaPermissionsWithClientPin: true } } },
        "security-key-unsupported",
      ],
      "the key speaks no PIN protocol of ours": [
        { profile: { ...YUBIKEY_5_7_1, pinUvAuthProtocols: [9] } },
        "security-key-unsupported",
      ],
    } as const)) {
      it(`when ${what}: ${code}`, async () => {
        const { login, asks } = keyBench({ pins: [], ...bench });
        await assert.rejects(login(), { code });
        assert.deepEqual(asks, []);
      });
    }
  });

  for (const [what, error, code] of [
    ["lost a report", 0x05, "security-key-failed"],
    ["lost its channel", 0x0b, "security-key-failed"],
  ] as const) {
    it(`does not send the PIN again to a key that ${what}`, async () => {
      const { login, options, state } = keyBench({ profile: YUBIKEY_5_7_1 });
      const answer = [0xbf, 0, 1, error];
      const { keys, count } = refuseOnce(options.keys, { command: 0x06, subcommand: 0x09, answer });
      await assert.rejects(login({ keys }), { code });
      assert.deepEqual({ sent: count(), left: state.current.pinRetries }, { sent: 1, left: 8 });
    });
  }

  it("never puts the PIN or its hash into an error", async () => {
    const { login } = keyBench({ profile: YUBIKEY_5_7_1, pins: [WRONG, WRONG, WRONG] });
    await assert.rejects(login(), (error) => {
      assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /canary/);
      return true;
    });
  });
});

/** A person who lays these fingers on the key, one after the other; then nobody does. */
function fingers(...outcomes: readonly FingerOutcome[]): () => Promise<FingerOutcome> {
  const left = [...outcomes];
  return async () => left.shift() ?? "timeout";
}

const PIN_AFTER = (problem: string) => [{ attemptsLeft: undefined, retry: false, problem }];

describe("a login by finger", () => {
  const bio = (options: Partial<KeyBenchOptions> = {}) =>
    keyBench({ profile: YUBIKEY_BIO_5_6_4, ...options });

  it("asks for no PIN, and for no touch beside the finger", async () => {
    const { login, enrolled, said, ended, asks } = bio();
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual({ said, ended, asks }, { said: ["finger"], ended: ["finger"], asks: [] });
  });

  it("lets a person try again, and says how many are left", async () => {
    const bench = bio({ finger: fingers("refused", "refused", "accepted") });
    const left: (number | undefined)[] = [];
    const prompts = {
      ...bench.options.prompts,
      touch: ({ attemptsLeft }: { readonly attemptsLeft?: number | undefined }) => {
        left.push(attemptsLeft);
        return () => undefined;
      },
    };
    assert.equal(verified(await bench.login({ prompts }), bench.enrolled), true);
    assert.deepEqual({ left, asks: bench.asks }, { left: [undefined, 2, 1], asks: [] });
  });

  it("asks for the PIN when the key accepts no finger any more", async () => {
    const { login, enrolled, said, asks, state } = bio({ finger: fingers("refused", "refused", "refused") });
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual(asks, PIN_AFTER("finger-blocked"));
    assert.deepEqual(said, ["finger", "finger", "finger", "touch"]);
    assert.equal(state.current.uvRetries, 3);
  });

  it("asks for the PIN at once where the key was blocked before", async () => {
    const change: KeyBenchOptions["change"] = (state) => Object.assign(state, { uvRetries: 0 });
    const { login, enrolled, said, asks } = bio({ change });
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual({ asks, said }, { asks: PIN_AFTER("finger-blocked"), said: ["touch"] });
  });

  it("asks as often as the key proposes, then for the PIN", async () => {
    const more = new Map([...YUBIKEY_BIO_5_6_4.more, [0x11, 1]]);
    const finger = fingers("refused");
    const { login, enrolled, asks } = bio({ profile: { ...YUBIKEY_BIO_5_6_4, more }, finger });
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual(asks, PIN_AFTER("finger-refused"));
  });

  it("that nobody gives is a touch that was not given", async () => {
    const { login, asks } = bio({ finger: fingers() });
    await assert.rejects(login(), { code: "security-key-untouched" });
    assert.deepEqual(asks, []);
  });

  it("does not take place where the PIN came from standard input", async () => {
    const { login, enrolled, said } = bio({ finger: () => assert.fail("no finger is asked for") });
    assert.equal(verified(await login({ pinAttempts: 1 }), enrolled), true);
    assert.deepEqual(said, ["touch"]);
  });

  /** As keys were before the token for fingers. Source: token/fido2/CTAP.md, "Fingers". */
  const older: SoftKeyProfile = {
    ...YUBIKEY_5_4_3,
    name: "an older key with a reader",
    options: { ...YUBIKEY_5_4_3.options, uv: true },
    refusesUvOption: false,
  };

  for (const [what, outcomes, message] of [
    ["one finger", ["refused"], "did not recognize the fingerprint."],
    [
      "all fingers",
      ["refused", "refused", "refused"],
      "does not accept fingerprints anymore: too many were rejected.",
    ],
  ] as const) {
    it(`says so when ${what} was refused and no PIN is set`, async () => {
      const more = new Map([...YUBIKEY_BIO_5_6_4.more, [0x11, outcomes.length]]);
      const finger = fingers(...outcomes);
      const { login, asks } = bio({ pin: null, profile: { ...YUBIKEY_BIO_5_6_4, more }, finger });
      await assert.rejects(login(), {
        code: "fingerprint-refused",
        message: `${YUBIKEY_BIO_5_6_4.name} ${message}`,
      });
      assert.deepEqual(asks, []);
    });
  }

  it("goes within the request on an older key", async () => {
    const { login, enrolled, said, asks } = keyBench({ profile: older });
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual({ said, asks }, { said: ["finger"], asks: [] });
  });

  it("asks for the PIN when an older key refuses it", async () => {
    const { login, enrolled, said, asks } = keyBench({ profile: older, finger: fingers("refused") });
    assert.equal(verified(await login(), enrolled), true);
    assert.deepEqual({ said, asks }, { said: ["finger", "touch"], asks: PIN_AFTER("finger-refused") });
  });
});
