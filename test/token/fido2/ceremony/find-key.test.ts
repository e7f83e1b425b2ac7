import assert from "node:assert/strict";
import { VouchError } from "../../../../token/errors/errors.ts";
import type { AssertionOptions } from "../../../../token/fido2/ceremony/assertion.ts";
import type { SecurityKeys } from "../../../../token/fido2/hid/security-keys.ts";
import type { TouchOutcome } from "../../../lab/key/soft-consent.ts";
import { SoftKey } from "../../../lab/key/soft-key.ts";
import {
  type SoftKeyProfile,
  U2F_ONLY,
  YUBIKEY_5_1,
  YUBIKEY_5_4_3,
  YUBIKEY_5_7_1,
} from "../../../lab/key/soft-key-profiles.ts";
import { newSoftKeyState, type SoftKeyState } from "../../../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../../../lab/key/soft-security-keys.ts";
import { virtualTimers } from "../../../lab/key/virtual-timers.ts";
import { type KeyBenchOptions, keyBench } from "../key-bench.ts";
import { refuseOnce } from "../refuse-once.ts";
import { ScriptedPipe } from "../scripted-pipe.ts";
import { verified } from "../verified.ts";

const u2fOnly = () =>
  new SoftKey({
    profile: U2F_ONLY,
    loadState: newSoftKeyState,
    saveState: () => {},
    touch: async () => "touched",
  });

describe("the wait for a security key", () => {
  it("does not happen when one is plugged in", async () => {
    const { login, said, timers } = keyBench({ profile: YUBIKEY_5_7_1 });
    await login();
    assert.deepEqual(said, ["touch"]);
    assert.ok(timers.now() < 500);
  });

  it("asks for one once, and goes on when it comes", async () => {
    const { login, key, said, timers } = keyBench({ profile: YUBIKEY_5_7_1 });
    key.unplug();
    timers.after(7300, () => key.plugIn());
    await login();
    assert.deepEqual(said, ["insert", "touch"]);
    assert.ok(timers.now() >= 7500 && timers.now() < 8000, `${timers.now()}`);
  });

  it("ends after its time", async () => {
    const { login, key, timers } = keyBench({ profile: YUBIKEY_5_7_1 });
    key.unplug();
    await assert.rejects(login({ timeoutMs: 60_000 }), {
      code: "security-key-missing",
      message: "No security key was plugged in within 60 s.",
      hint: "Plug in your security key and run `kubectl vouch login`.",
    });
    assert.equal(timers.now(), 60_000);
  });

  it("says what this machine needs, where it needs something", async () => {
    const { login, key, options } = keyBench({ profile: YUBIKEY_5_7_1 });
    key.unplug();
    const keys = { ...options.keys, missingHint: "Run it as administrator." };
    await assert.rejects(login({ keys }), { code: "security-key-missing", hint: "Run it as administrator." });
  });

  it("lasts for ever with a limit of 0, until it is interrupted", async () => {
    const { login, key, timers, abort } = keyBench({ profile: YUBIKEY_5_7_1 });
    key.unplug();
    timers.after(3_600_000, () => abort.abort());
    await assert.rejects(login({ timeoutMs: 0 }), { code: "interrupted" });
    assert.equal(timers.now(), 3_600_000);
  });
});

describe("a security key that is just plugged in", () => {
  /** No key at the first look, then one that cannot be opened the first `failures` times. */
  function settling(keys: SecurityKeys, failures: number): SecurityKeys {
    let looks = 0;
    let tries = 0;
    return {
      list: async () => {
        looks += 1;
        return looks === 1 ? [] : keys.list();
      },
      open: async (info) => {
        tries += 1;
        if (tries <= failures) {
          throw new VouchError(
            "security-key-unreadable",
            `The security key at ${info.path} exists, but you are not allowed to open it.`,
          );
        }
        return keys.open(info);
      },
    };
  }

  it("is given two seconds to become accessible", async () => {
    const { login, options } = keyBench({ profile: YUBIKEY_5_7_1 });
    assert.ok(await login({ keys: settling(options.keys, 10) }));
  });

  it("is given up then", async () => {
    const { login, options, timers } = keyBench({ profile: YUBIKEY_5_7_1 });
    await assert.rejects(login({ keys: settling(options.keys, 100) }), { code: "security-key-unreadable" });
    assert.equal(timers.now(), 2500);
  });

  it("that was there before is not waited for", async () => {
    const { login, options, timers } = keyBench({ profile: YUBIKEY_5_7_1 });
    const keys: SecurityKeys = {
      list: options.keys.list,
      open: async ({ path }) => {
        throw new VouchError("security-key-unreadable", `${path}: no`);
      },
    };
    await assert.rejects(login({ keys }), { code: "security-key-unreadable", message: "/dev/hidraw0: no" });
    assert.equal(timers.now(), 0);
  });
});

describe("several security keys", () => {
  it("mean the first that speaks FIDO2", async () => {
    const { login, key, enrolled } = keyBench({ profile: YUBIKEY_5_4_3 });
    const keys = softSecurityKeys({ keys: [u2fOnly(), key] });
    assert.deepEqual((await login({ keys })).credentialId, new Uint8Array(enrolled.credentialId));
  });

  it("mean the good one where another fails when it is asked what it holds", async () => {
    const { login, key, enrolled } = keyBench({ profile: YUBIKEY_5_7_1 });
    const bad = new SoftKey({
      profile: YUBIKEY_5_4_3,
      loadState: newSoftKeyState,
      saveState: () => {},
      touch: async () => "touched",
    });
    const both = softSecurityKeys({ keys: [bad, key] });
    const [first, second] = await both.list();
    const failing = refuseOnce(both, { command: 0x02, answer: [0xbf, 0, 1, 0x7f] });
    const keys: SecurityKeys = {
      list: both.list,
      open: (info) => (info.path === first?.path ? failing.keys : both).open(info),
    };
    assert.notEqual(first?.path, second?.path);
    assert.deepEqual((await login({ keys })).credentialId, new Uint8Array(enrolled.credentialId));
    assert.equal(failing.count(), 1);
  });

  it("of which none will do mean the trouble with the first", async () => {
    const { login, options } = keyBench({ profile: YUBIKEY_5_7_1 });
    const u2f = softSecurityKeys({ keys: [u2fOnly()] });
    const keys: SecurityKeys = {
      list: async () => [
        { path: "/dev/hidraw0", name: "mute" },
        { path: "/dev/hidraw1", name: "old" },
      ],
      open: async ({ name }) => {
        const [old] = await u2f.list();
        assert.ok(old);
        return name === "mute" ? new ScriptedPipe(() => {}) : u2f.open(old);
      },
    };
    await assert.rejects(login({ ...options, keys }), {
      code: "security-key-failed",
      message: "The security key does not respond.",
    });
  });

  it("are let go of when they are of no use", async () => {
    const { login } = keyBench({ profile: YUBIKEY_5_7_1 });
    // Answers INIT without the CBOR capability.
    const pipe = new ScriptedPipe(({ cid, payload }, at) =>
      at.answer(cid, 0x06, Buffer.concat([payload, Buffer.from("00000a010204040501", "hex")])),
    );
    const keys: SecurityKeys = {
      list: async () => [{ path: "/dev/hidraw0", name: "old" }],
      open: async () => pipe,
    };
    await assert.rejects(login({ keys }), {
      code: "security-key-unsupported",
      message: "old does not support FIDO2: it supports only U2F, or FIDO2 is disabled on it.",
    });
    assert.equal(pipe.closed, 1);
  });
});

const FRESH = { attemptsLeft: undefined, retry: false, problem: undefined };
const never = () => new Promise<TouchOutcome>(() => {});
const holdsNothing = (state: SoftKeyState) => void Object.assign(state, { credentials: [] });

/** Keys that are plugged in at once; the person is the first one's. Counts how many are open. */
function together(...all: readonly (Partial<KeyBenchOptions> & { readonly profile: SoftKeyProfile })[]) {
  const timers = virtualTimers();
  const benches = all.map((one) => keyBench({ ...one, timers }));
  const [first] = benches;
  assert.ok(first);
  const present = softSecurityKeys({ keys: benches.map(({ key }) => key) });
  let open = 0;
  const keys: AssertionOptions["keys"] = {
    ...present,
    open: async (info) => {
      const pipe = await present.open(info);
      open += 1;
      const close = () => {
        open -= 1;
        return pipe.close();
      };
      return { listen: pipe.listen, write: pipe.write, close };
    },
  };
  return { ...first, benches, login: () => first.login({ keys }), open: () => open };
}

describe("several security keys at once", () => {
  it("are no question where only one holds a credential", async () => {
    const { login, benches, said, open } = together(
      { profile: YUBIKEY_5_1, change: holdsNothing },
      { profile: YUBIKEY_5_7_1 },
    );
    const assertion = await login();
    assert.ok(benches[1] && verified(assertion, benches[1].enrolled));
    assert.deepEqual({ said, open: open() }, { said: ["touch"], open: 0 });
  });

  it("are no question where none holds a credential", async () => {
    const empty = { profile: YUBIKEY_5_1, change: holdsNothing };
    const { login, said, asks, open } = together(empty, empty);
    await assert.rejects(login(), { code: "security-key-not-enrolled" });
    assert.deepEqual({ said, asks, open: open() }, { said: [], asks: [], open: 0 });
  });

  it("are no question where the other speaks no FIDO2", async () => {
    const { login, benches, said } = together({ profile: U2F_ONLY }, { profile: YUBIKEY_5_7_1 });
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
    assert.deepEqual(said, ["touch"]);
  });

  for (const [what, other] of [
    ["of CTAP 2.1", YUBIKEY_5_7_1],
    ["of CTAP 2.0", YUBIKEY_5_4_3],
  ] as const) {
    for (const at of [0, 1]) {
      it(`are chosen by touch: number ${at + 1}, the other one ${what}`, async () => {
        const untouched = { profile: other, touch: never };
        const touched = { profile: YUBIKEY_5_7_1 };
        const { login, benches, said, ended, asks, open, timers } = together(
          ...(at === 0 ? [touched, untouched] : [untouched, touched]),
        );
        const [chosen, left] = at === 0 ? benches : benches.toReversed();
        assert.ok(chosen && left && verified(await login(), chosen.enrolled));
        assert.deepEqual(
          { said, ended, asks, open: open() },
          { said: ["choose", "touch"], ended: ["choose", "touch"], asks: [FRESH], open: 0 },
        );
        assert.equal(left.state.current.pinRetries, 8, "no try is spent on the one that was not chosen");
        assert.ok(timers.now() < 5000, "the other one is told to stop, and not waited for");
      });
    }
  }

  it("of CTAP 2.0 are chosen by the touch of a request that makes nothing", async () => {
    const { login, benches } = together({ profile: YUBIKEY_5_4_3, touch: never }, { profile: YUBIKEY_5_1 });
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
    assert.equal(benches[1].state.current.credentials.length, 1);
  });

  it("of which none is touched end as one that is not touched", async () => {
    const { login, said, ended, open, asks } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      { profile: YUBIKEY_5_4_3, touch: never },
    );
    await assert.rejects(login(), { code: "security-key-untouched" });
    assert.deepEqual(
      { said, ended, open: open(), asks },
      { said: ["choose"], ended: ["choose"], open: 0, asks: [] },
    );
  });

  it("are let go of when the person breaks off", async () => {
    const { login, abort, timers, open } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      { profile: YUBIKEY_5_7_1, touch: never },
    );
    timers.after(2000, () => abort.abort());
    await assert.rejects(login(), { code: "interrupted" });
    assert.equal(open(), 0);
  });

  it("of which one is unplugged during the choice leave the other", async () => {
    const { login, benches, timers } = together(
      { profile: YUBIKEY_5_7_1, touch: never },
      {
        profile: YUBIKEY_5_7_1,
        touch: () => new Promise((resolve) => timers.after(4000, () => resolve("touched"))),
      },
    );
    timers.after(2000, () => benches[0]?.key.unplug());
    assert.ok(benches[1] && verified(await login(), benches[1].enrolled));
  });
});

describe("a key that holds no credential of the server", () => {
  const refusal = (profile: SoftKeyProfile) => ({
    code: "security-key-not-enrolled",
    message: `${profile.name} does not contain a credential for vouch.example.test.`,
  });

  it("says so before the PIN is asked for, where it hides none", async () => {
    const { login, asks, said } = keyBench({ profile: YUBIKEY_5_1, change: holdsNothing });
    await assert.rejects(login(), refusal(YUBIKEY_5_1));
    assert.deepEqual({ asks, said }, { asks: [], said: [] });
  });

  it("says so after the PIN and before a touch, where it may hide some", async () => {
    const { login, asks, said } = keyBench({ profile: YUBIKEY_5_7_1, change: holdsNothing });
    await assert.rejects(login(), refusal(YUBIKEY_5_7_1));
    assert.deepEqual({ asks, said }, { asks: [FRESH], said: [] });
  });
});
