import assert from "node:assert/strict";
import { encode } from "cborg";
import { VouchError } from "../../../../token/errors/errors.ts";
import { type Assertion, assertWithSecurityKey } from "../../../../token/fido2/ceremony/assertion.ts";
import { CtapHid } from "../../../../token/fido2/hid/ctap-hid.ts";
import { type SoftKeyProfile, U2F_ONLY, YUBIKEY_5_7_1 } from "../../../lab/key/soft-key-profiles.ts";
import { enrolCredential } from "../../../lab/key/soft-key-state.ts";
import { keyBench, PIN, PIN_KEYS, REQUEST, RP_ID, USER_HANDLE } from "../key-bench.ts";
import { refuseOnce } from "../refuse-once.ts";
import { verified } from "../verified.ts";

const FRESH = { attemptsLeft: undefined, retry: false, problem: undefined };
const never = () => new Promise<never>(() => {});

/** A person who does not touch the key at first, but when it blinks again. */
function onlyAgain(): () => Promise<"touched"> {
  let blinks = 0;
  return () => {
    blinks += 1;
    return blinks === 1 ? never() : Promise.resolve("touched");
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const inHex = (assertion: Assertion) =>
  Object.fromEntries(Object.entries(assertion).map(([member, bytes]) => [member, hex(bytes)]));

const logsIn = (profile: SoftKeyProfile) => () => {
  /** How often the key is asked what it holds; with alwaysUv it tells once it is unlocked. */
  const looks = profile.options["alwaysUv"] === true ? 2 : 1;

  it("gives an assertion that verifies", async () => {
    const { login, enrolled, said, asks } = keyBench({ profile });
    const assertion = await login();

    assert.equal(verified(assertion, enrolled), true);
    assert.deepEqual(inHex({ ...assertion, signature: Buffer.alloc(0) }), {
      credentialId: hex(enrolled.credentialId),
      authenticatorData: `b712799a75ba9d60980d4f3df463ca97ed547df633778b5d149e93099727ff320500000002`,
      signature: "",
      clientDataJson: hex(
        Buffer.from(
          '{"type":"webauthn.get","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://vouch.example.test","crossOrigin":false}',
        ),
      ),
      userHandle: "0190a1b2c3d47e5f8a9b0c1d2e3f4051",
    });
    assert.deepEqual({ said, asks }, { said: ["touch"], asks: [FRESH] });
  });

  it("counts up with each assertion, that of the look before the PIN too", async () => {
    const { login } = keyBench({ profile, pins: [PIN, PIN] });
    const counters = [await login(), await login()].map(({ authenticatorData }) => authenticatorData[36]);
    assert.deepEqual(counters, [2, 4]);
  });

  describe("refuses before it looks for a key", () => {
    for (const [what, change, code] of [
      ["a foreign RP ID", { rpId: "other.example" }, "rp-id-mismatch"],
      ["a malformed challenge", { challenge: "no challenge" }, "server-answer-invalid"],
    ] as const) {
      it(what, async () => {
        const { options, said, asks } = keyBench({ profile });
        await assert.rejects(assertWithSecurityKey({ ...REQUEST, ...change }, options), { code });
        assert.deepEqual({ said, asks }, { said: [], asks: [] });
      });
    }
  });

  describe("the touch", () => {
    it("may take 29 s", async () => {
      const bench = keyBench({
        profile,
        touch: () => new Promise((resolve) => bench.timers.after(29_000, () => resolve("touched"))),
      });
      assert.equal(verified(await bench.login(), bench.enrolled), true);
      assert.deepEqual(bench.said, ["touch"]);
    });

    for (const touchTimeoutStatus of [0x3a, 0x2f]) {
      it(`that does not come is security-key-untouched, told by 0x${touchTimeoutStatus.toString(16)}`, async () => {
        const { login } = keyBench({ profile: { ...profile, touchTimeoutStatus }, touch: never });
        await assert.rejects(login(), {
          code: "security-key-untouched",
          message: `${profile.name} was not touched in time.`,
        });
      });
    }

    it("that is refused is security-key-declined", async () => {
      const { login } = keyBench({ profile, touch: async () => "declined" });
      await assert.rejects(login(), { code: "security-key-declined" });
    });
  });

  it("for a server the key does not know is security-key-not-enrolled", async () => {
    const { login, said } = keyBench({
      profile,
      change: (state) => {
        state.credentials = [];
      },
    });
    await assert.rejects(login(), {
      code: "security-key-not-enrolled",
      message: `${profile.name} does not contain a credential for vouch.example.test.`,
    });
    assert.deepEqual(said, []);
  });

  it("does not use a credential that must be named", async () => {
    const { login } = keyBench({
      profile,
      change: (state) => {
        state.credentials = [];
        enrolCredential(state, {
          rpId: RP_ID,
          userHandle: USER_HANDLE,
          userName: "ada",
          discoverable: false,
        });
      },
    });
    await assert.rejects(login(), { code: "security-key-not-enrolled" });
  });

  describe("several accounts on the key", () => {
    const second = Buffer.alloc(16, 2);
    const third = Buffer.alloc(16, 3);
    const bench = () =>
      keyBench({
        profile,
        change: (state) => {
          enrolCredential(state, {
            rpId: RP_ID,
            userHandle: second,
            userName: "grace",
            displayName: "Grace",
          });
          enrolCredential(state, { rpId: RP_ID, userHandle: third, userName: "alan" });
          enrolCredential(state, { rpId: "other.example", userHandle: third, userName: "eve" });
        },
      });

    it("are offered newest first, and the chosen one is used with one touch", async () => {
      const { login, options, said } = bench();
      const offered: unknown[] = [];
      const choose = async (accounts: readonly unknown[]) => {
        offered.push(...accounts);
        return 1;
      };
      const { userHandle } = await login({ prompts: { ...options.prompts, choose } });
      assert.deepEqual({ userHandle: hex(userHandle), said }, { userHandle: hex(second), said: ["touch"] });
      assert.deepEqual(offered, [
        { name: "alan", displayName: "alan" },
        { name: "grace", displayName: "Grace" },
        { name: "ada", displayName: "ada" },
      ]);
    });

    it("mean the newest where nobody can choose", async () => {
      assert.equal(hex((await bench().login()).userHandle), hex(third));
    });

    it("are not offered after an interruption", async () => {
      const { login, options, abort } = bench();
      const choose = () => {
        abort.abort();
        return never();
      };
      await assert.rejects(login({ prompts: { ...options.prompts, choose } }), { code: "interrupted" });
    });

    it("take no answer that is none of them", async () => {
      const { login, options } = bench();
      await assert.rejects(login({ prompts: { ...options.prompts, choose: async () => 3 } }), RangeError);
    });
  });

  describe("interruption", () => {
    it("while the key blinks tells the key, and it stops blinking", async () => {
      const bench = keyBench({ profile, touch: never, pins: [PIN, PIN] });
      bench.timers.after(5000, () => bench.abort.abort());
      await assert.rejects(bench.login(), { code: "interrupted", exit: 130 });
      assert.ok(bench.timers.now() < 5100);

      const again = bench.login({ signal: new AbortController().signal });
      await assert.rejects(again, { code: "security-key-untouched" });
      assert.deepEqual(bench.said, ["touch", "touch"]);
    });

    it("while the PIN is asked for costs no try", async () => {
      const { login, options, abort, state } = keyBench({ profile });
      const pin = () => {
        abort.abort();
        return never();
      };
      await assert.rejects(login({ prompts: { ...options.prompts, pin } }), { code: "interrupted" });
      assert.equal(state.current.pinRetries, 8);
    });
  });

  for (const status of [0x33, 0x38]) {
    it(`fetches one more token, without asking, when another program made ours stale (0x${status.toString(16)})`, async () => {
      const { login, enrolled, options, state, asks } = keyBench({ profile });
      const { keys, count } = refuseOnce(options.keys, {
        command: 0x02,
        after: looks,
        answer: [0x90, 0, 1, status],
      });
      assert.equal(verified(await login({ keys }), enrolled), true);
      assert.deepEqual(
        { sent: count(), asks, left: state.current.pinRetries },
        { sent: looks + 2, asks: [FRESH], left: 8 },
      );
    });
  }

  it("ends when the fresh token is refused as well", async () => {
    const { login, options } = keyBench({ profile });
    const once = refuseOnce(options.keys, { command: 0x02, after: looks, answer: [0x90, 0, 1, 0x33] });
    const twice = refuseOnce(once.keys, { command: 0x02, after: looks, answer: [0x90, 0, 1, 0x33] });
    await assert.rejects(login({ keys: twice.keys }), {
      code: "security-key-failed",
      message: `${profile.name} revoked its own permission twice: another program is also using it.`,
    });
    assert.deepEqual([once.count(), twice.count()], [looks + 1, looks + 2]);
  });

  it("waits while another program has the key blinking, and says so after 5 s", async () => {
    const bench = keyBench({
      profile,
      touch: () => new Promise((resolve) => bench.timers.after(8000, () => resolve("touched"))),
    });
    const other = await CtapHid.open(bench.key.open(), {
      timers: bench.timers,
      signal: new AbortController().signal,
      onBusy: () => assert.fail("the other one is first"),
    });
    const parameters = new Map<number, unknown>([
      [1, RP_ID],
      [2, Buffer.alloc(32)],
      // For a touch and the key's word about its PIN.
      [6, new Uint8Array()],
    ]);
    const others = other.send({
      command: 0x10,
      payload: Buffer.concat([Buffer.from([2]), encode(parameters)]),
    });
    const assertion = await bench.login();
    assert.deepEqual(
      [verified(assertion, bench.enrolled), bench.said, (await others)[0]],
      [true, ["busy", "touch"], 0x31],
    );
  });

  for (const [what, touch] of [
    ["that went well", async () => "touched" as const],
    ["that failed", async () => "declined" as const],
  ] as const) {
    it(`lets go of the key after a login ${what}`, async () => {
      const { login, options } = keyBench({ profile, touch });
      let closed = 0;
      const open: typeof options.keys.open = async (info) => {
        const pipe = await options.keys.open(info);
        const close = () => {
          closed += 1;
          return pipe.close();
        };
        return { listen: pipe.listen, write: pipe.write, close };
      };
      await login({ keys: { ...options.keys, open } }).catch(() => undefined);
      assert.equal(closed, 1);
    });
  }

  describe("unplugged in the middle", () => {
    const unplugged = { code: "security-key-unplugged", message: `${profile.name} was unplugged.` };

    it("while it blinks, begins anew once it is plugged in again", async () => {
      const bench = keyBench({ profile, pins: [PIN, PIN], touch: onlyAgain() });
      bench.timers.after(3000, () => bench.key.unplug());
      bench.timers.after(9000, () => bench.key.plugIn());
      assert.equal(verified(await bench.login(), bench.enrolled), true);
      assert.deepEqual(bench.said, ["touch", "unplugged", "insert", "touch"]);
      assert.deepEqual(bench.ended, ["touch", "touch"]);
      assert.deepEqual(bench.asks, [FRESH, FRESH]);
    });

    it("is looked for although it is still listed for a moment", async () => {
      const bench = keyBench({ profile, pins: [PIN, PIN], touch: onlyAgain() });
      const { keys } = bench.options;
      const info = await keys.list();
      const lagging: typeof keys = {
        list: async () => (bench.timers.now() < 3300 ? info : keys.list()),
        open: async (key) => {
          if (bench.key.isPlugged) return keys.open(key);
          throw new VouchError("security-key-failed", "The security key cannot be opened.");
        },
      };
      bench.timers.after(3000, () => bench.key.unplug());
      bench.timers.after(9000, () => bench.key.plugIn());
      assert.equal(verified(await bench.login({ keys: lagging }), bench.enrolled), true);
    });

    it("while the PIN is typed, too", async () => {
      const { login, options, key, enrolled, timers } = keyBench({ profile });
      let asked = 0;
      const pin = async () => {
        asked += 1;
        if (asked === 1) {
          key.unplug();
          timers.after(100, () => key.plugIn());
        }
        return PIN;
      };
      assert.equal(verified(await login({ prompts: { ...options.prompts, pin } }), enrolled), true);
      assert.equal(asked, 2);
    });

    it("and left so, ends when the time is over", async () => {
      const bench = keyBench({ profile, touch: never });
      bench.timers.after(3000, () => bench.key.unplug());
      await assert.rejects(bench.login(), { code: "security-key-missing" });
    });

    it("again and again, ends the fourth time", async () => {
      const bench = keyBench({ profile, pins: [PIN, PIN, PIN, PIN], touch: never });
      const touch = () => {
        bench.timers.after(1000, () => bench.key.unplug());
        bench.timers.after(2000, () => bench.key.plugIn());
        return () => undefined;
      };
      const { login, options, asks } = bench;
      await assert.rejects(login({ prompts: { ...options.prompts, touch } }), unplugged);
      assert.equal(asks.length, 4);
    });

    it("ends a login whose PIN came from standard input: it can be read once", async () => {
      const bench = keyBench({ profile, touch: never });
      bench.timers.after(3000, () => bench.key.unplug());
      bench.timers.after(5000, () => bench.key.plugIn());
      await assert.rejects(bench.login({ pinAttempts: 1 }), unplugged);
    });
  });
};

describe("a login with a security key", () => {
  const alwaysUv = {
    ...YUBIKEY_5_7_1,
    name: "5.7.1 with alwaysUv",
    options: { ...YUBIKEY_5_7_1.options, alwaysUv: true },
  };
  for (const profile of [...PIN_KEYS, alwaysUv]) {
    describe(profile.name, logsIn(profile));
  }

  it("asks in the old manner when the key does not know the new subcommand", async () => {
    const { login, enrolled, options, state, asks } = keyBench({ profile: YUBIKEY_5_7_1 });
    const { keys, count } = refuseOnce(options.keys, {
      command: 0x06,
      subcommand: 0x09,
      answer: [0x90, 0, 1, 0x3e],
    });
    assert.equal(verified(await login({ keys }), enrolled), true);
    assert.deepEqual(
      { refused: count(), asks, left: state.current.pinRetries },
      { refused: 1, asks: [FRESH], left: 8 },
    );
  });

  it("does not work on a key that only knows U2F", async () => {
    const { login, asks } = keyBench({ profile: U2F_ONLY });
    await assert.rejects(login(), { code: "security-key-unsupported" });
    assert.deepEqual(asks, []);
  });
});
