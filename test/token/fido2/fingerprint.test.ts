import assert from "node:assert/strict";
import type { FingerOutcome } from "../../lab/key/soft-finger.ts";
import { type SoftKeyProfile, YUBIKEY_5_4_3, YUBIKEY_BIO_5_6_4 } from "../../lab/key/soft-key-profiles.ts";
import { type KeyBenchOptions, keyBench } from "./key-bench.ts";
import { verified } from "./verified.ts";

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
