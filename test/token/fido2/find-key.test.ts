import assert from "node:assert/strict";
import { VouchError } from "../../../token/errors/errors.ts";
import type { SecurityKeys } from "../../../token/fido2/security-keys.ts";
import { SoftKey } from "../../lab/key/soft-key.ts";
import { U2F_ONLY, YUBIKEY_5_4_3, YUBIKEY_5_7_1 } from "../../lab/key/soft-key-profiles.ts";
import { newSoftKeyState } from "../../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../../lab/key/soft-security-keys.ts";
import { keyBench } from "./key-bench.ts";
import { refuseOnce } from "./refuse-once.ts";
import { ScriptedPipe } from "./scripted-pipe.ts";

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
