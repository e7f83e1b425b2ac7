import assert from "node:assert/strict";
import { VouchError } from "../../../../token/errors/errors.ts";
import { surveyKeys } from "../../../../token/fido2/ceremony/survey-keys.ts";
import type { SecurityKeys } from "../../../../token/fido2/hid/security-keys.ts";
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
import { BROADCAST, ERROR, ScriptedPipe } from "../scripted-pipe.ts";

const PIN = "canary-pin-7391";
const timers = virtualTimers();

function softKey(profile: SoftKeyProfile, changes: Partial<SoftKeyState> = {}): SoftKey {
  return new SoftKey({
    profile,
    timers,
    loadState: () => ({ ...newSoftKeyState({ pin: PIN }), ...changes }),
    saveState: () => assert.fail("a survey changes nothing on a key"),
    touch: () => assert.fail("a survey wants no touch"),
  });
}

const survey = (keys: SecurityKeys, signal = new AbortController().signal) =>
  surveyKeys({ keys, signal, timers });

async function factsOf(profile: SoftKeyProfile, changes?: Partial<SoftKeyState>) {
  const [key] = await survey(softSecurityKeys({ keys: [softKey(profile, changes)] }));
  return key !== undefined && "facts" in key ? key.facts : assert.fail("the key was not asked");
}

const withOption = (name: string, value: boolean) => ({
  ...YUBIKEY_5_7_1,
  options: { ...YUBIKEY_5_7_1.options, [name]: value },
});

describe("a survey of the plugged-in keys", () => {
  it("has what each says of itself", async () => {
    const keys = softSecurityKeys({
      keys: [softKey(YUBIKEY_5_7_1), softKey(YUBIKEY_5_1, { pinHash: null })],
    });
    assert.deepEqual(await survey(keys), [
      {
        path: "/dev/hidraw0",
        name: YUBIKEY_5_7_1.name,
        facts: {
          firmware: "5.7.1",
          versions: ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1"],
          pin: "set",
          pinTriesLeft: 8,
          fingerprint: "none",
        },
      },
      {
        path: "/dev/hidraw1",
        name: YUBIKEY_5_1.name,
        facts: {
          firmware: "5.1.2",
          versions: ["U2F_V2", "FIDO_2_0"],
          pin: "not-set",
          pinTriesLeft: undefined,
          fingerprint: "none",
        },
      },
    ]);
  });

  for (const [what, changes, expected] of [
    ["whose PIN was wrong before", { pinRetries: 3 }, ["set", 3]],
    ["that wants to be unplugged", { pinRetries: 5, wrongInARow: 3 }, ["unplug", 5]],
    ["whose PIN is blocked", { pinRetries: 0, wrongInARow: 3 }, ["blocked", 0]],
    ["that demands another PIN", { forcePinChange: true }, ["change-required", 8]],
  ] as const) {
    it(`tells of a key ${what}`, async () => {
      const { pin, pinTriesLeft } = await factsOf(YUBIKEY_5_7_1, changes);
      assert.deepEqual([pin, pinTriesLeft], expected);
    });
  }

  it("does not know of a key that has to be unplugged where the key is silent about it", async () => {
    const { pin } = await factsOf(YUBIKEY_5_4_3, { pinRetries: 5, wrongInARow: 3 });
    assert.equal(pin, "set");
  });

  it("tells whether a key knows a finger, and whether its PIN is of use", async () => {
    const fingers = [withOption("uv", false), withOption("uv", true)].map((profile) => factsOf(profile));
    assert.deepEqual(
      (await Promise.all(fingers)).map(({ fingerprint }) => fingerprint),
      ["not-set-up", "set-up"],
    );
    assert.equal((await factsOf(withOption("noMcGaPermissionsWithClientPin", true))).pin, "unusable");
  });

  for (const capabilities of [U2F_ONLY.capabilities, 0x01]) {
    it(`knows a key that speaks only U2F, with capabilities ${capabilities}`, async () => {
      const { versions, pin, firmware } = await factsOf({ ...U2F_ONLY, capabilities });
      assert.deepEqual({ versions, pin, firmware }, { versions: [], pin: "unusable", firmware: "4.4.5" });
    });
  }

  it("goes on where one may not be opened, or does not answer", async () => {
    const soft = softSecurityKeys({ keys: [softKey(YUBIKEY_5_7_1)] });
    const denied = new VouchError("security-key-unreadable", "You may not.", { hint: "Ask root." });
    const keys: SecurityKeys = {
      list: async () => [
        { path: "/dev/hidraw7", name: "locked" },
        { path: "/dev/hidraw8", name: "dead" },
        ...(await soft.list()),
      ],
      open: async (key) => {
        if (key.name === "locked") throw denied;
        return key.name === "dead" ? new ScriptedPipe(() => undefined) : soft.open(key);
      },
    };
    const [locked, dead, alive] = await survey(keys);
    assert.deepEqual(locked, { path: "/dev/hidraw7", name: "locked", problem: denied });
    assert.ok(dead !== undefined && "problem" in dead);
    assert.deepEqual(
      [dead.problem.code, dead.problem.message],
      ["security-key-failed", "dead does not respond."],
    );
    assert.ok(alive !== undefined && "facts" in alive);
  });

  it("does not wait for long while another program has a key", async () => {
    const keys: SecurityKeys = {
      list: async () => [{ path: "/dev/hidraw0", name: "taken" }],
      open: async () =>
        new ScriptedPipe((_message, pipe) => pipe.answer(BROADCAST, ERROR, Buffer.from([0x06]))),
    };
    const start = timers.now();
    const [taken] = await survey(keys);
    assert.ok(taken !== undefined && "problem" in taken && timers.now() - start < 7000);
    assert.deepEqual(
      [taken.problem.code, taken.problem.message],
      ["security-key-busy", "Another program is using taken."],
    );
  });

  it("is none where nothing is plugged in", async () => {
    assert.deepEqual(await survey(softSecurityKeys({ keys: [] })), []);
  });

  it("ends when it is interrupted", async () => {
    const keys = softSecurityKeys({ keys: [softKey(YUBIKEY_5_7_1)] });
    await assert.rejects(survey(keys, AbortSignal.abort()), { code: "interrupted" });
  });
});
