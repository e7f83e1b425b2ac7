import assert from "node:assert/strict";
import { decode, encode } from "cborg";
import { assertWithSecurityKey } from "../../../../token/fido2/ceremony/assertion.ts";
import { listsFor } from "../../../../token/fido2/ceremony/registration.ts";
import { keyInfo } from "../../../../token/fido2/ctap/answers.ts";
import {
  U2F_ONLY,
  YUBIKEY_5_1,
  YUBIKEY_5_2_6,
  YUBIKEY_5_4_3,
  YUBIKEY_5_7_1,
} from "../../../lab/key/soft-key-profiles.ts";
import { enrolCredential, type SoftKeyState } from "../../../lab/key/soft-key-state.ts";
import { PIN, REQUEST, RP_ID, USER_HANDLE } from "../key-bench.ts";
import { refuseOnce } from "../refuse-once.ts";
import { judged, registrationBench } from "../registration-bench.ts";

const never = () => new Promise<never>(() => {});
const NAME = "Yubico YubiKey 5 NFC (5.7.1)";

/** Puts credentials on the key; their ids. */
function enrolled(state: SoftKeyState, count: number): Uint8Array[] {
  return Array.from(
    { length: count },
    (_, index) =>
      enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, index), userName: "ada" })
        .credentialId,
  );
}

describe("a registration with a security key", () => {
  for (const profile of [
    YUBIKEY_5_1,
    YUBIKEY_5_2_6,
    YUBIKEY_5_4_3,
    YUBIKEY_5_7_1,
    { ...YUBIKEY_5_7_1, name: "5.7.1 with alwaysUv", options: { ...YUBIKEY_5_7_1.options, alwaysUv: true } },
  ]) {
    it(`makes a credential that the server takes, and that logs in: ${profile.name}`, async () => {
      const bench = registrationBench({ profile, pins: [PIN, PIN] });
      const made = await bench.register();

      const credential = judged(made);
      assert.deepEqual(
        { id: Buffer.from(made.credentialId), key: Buffer.from(made.publicKey), name: made.keyName },
        { id: credential?.credentialId, key: credential?.cosePublicKey, name: profile.name },
      );
      assert.deepEqual(bench.said, ["touch"]);
      const { userName, displayName, discoverable, userHandle } = bench.state.current.credentials[0] ?? {};
      assert.deepEqual(
        { userName, displayName, discoverable, userHandle },
        {
          userName: "ada@example.com",
          displayName: "ada@example.com",
          discoverable: true,
          userHandle: USER_HANDLE.toString("base64url"),
        },
      );
      const assertion = await assertWithSecurityKey(REQUEST, bench.options);
      assert.deepEqual(Buffer.from(assertion.credentialId), Buffer.from(made.credentialId));
    });
  }

  it("keeps the maker's signature, under WebAuthn's names and in canonical order", async () => {
    const { attestationObject } = await registrationBench({ profile: YUBIKEY_5_7_1 }).register();
    const object = decode(attestationObject, { useMaps: true });
    assert.deepEqual([...object.keys()], ["fmt", "attStmt", "authData"]);
    assert.deepEqual([...object.get("attStmt").keys()], ["alg", "sig", "x5c"]);
    assert.deepEqual(Buffer.from(encode(object)), Buffer.from(attestationObject));
  });

  it("asks in the old manner when the key does not know the new subcommand", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1 });
    const { keys, count } = refuseOnce(bench.options.keys, {
      command: 0x06,
      subcommand: 0x09,
      answer: [0x90, 0, 1, 0x3e],
    });
    assert.notEqual(judged(await bench.register({}, { keys })), undefined);
    assert.equal(count(), 1);
  });

  it("gets another token when another program made ours stale", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1 });
    const { keys, count } = refuseOnce(bench.options.keys, { command: 0x01, answer: [0x90, 0, 1, 0x33] });
    assert.notEqual(judged(await bench.register({}, { keys })), undefined);
    assert.deepEqual({ sent: count(), asks: bench.asks.length }, { sent: 2, asks: 1 });
  });

  it("begins again when the key is unplugged while it blinks, and plugged in again", async () => {
    let blinks = 0;
    const bench = registrationBench({
      profile: YUBIKEY_5_7_1,
      pins: [PIN, PIN],
      touch: () => {
        blinks += 1;
        return blinks === 1 ? never() : Promise.resolve("touched");
      },
    });
    bench.timers.after(3000, () => bench.key.unplug());
    bench.timers.after(9000, () => bench.key.plugIn());
    assert.equal((await bench.register()).keyName, NAME);
    assert.deepEqual(bench.said, ["touch", "unplugged", "insert", "touch"]);
  });

  it("asks for the PIN again when it was wrong", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1, pins: ["canary-wrong-0000", PIN] });
    assert.notEqual(judged(await bench.register()), undefined);
    assert.deepEqual(
      bench.asks.map(({ problem }) => problem),
      [undefined, "wrong"],
    );
  });

  describe("refuses before it looks for a key", () => {
    for (const [what, change, code] of [
      ["a foreign RP ID", { rpId: "other.example" }, "rp-id-mismatch"],
      ["a malformed challenge", { challenge: "no challenge" }, "server-answer-invalid"],
    ] as const) {
      it(what, async () => {
        const { register, said, asks } = registrationBench({ profile: YUBIKEY_5_7_1 });
        await assert.rejects(register(change), { code });
        assert.deepEqual({ said, asks }, { said: [], asks: [] });
      });
    }
  });

  describe("of a key that is registered already", () => {
    for (const [count, touches] of [
      [8, ["touch"]],
      [9, []],
    ] as const) {
      it(`is refused, with ${touches.length} touches when the server lists ${count}`, async () => {
        let ids: Uint8Array[] = [];
        const bench = registrationBench({
          profile: YUBIKEY_5_7_1,
          change: (state) => {
            ids = enrolled(state, 1);
          },
        });
        const others = Array.from({ length: count - 1 }, (_, index) => Buffer.alloc(32, index));
        await assert.rejects(bench.register({ excludeIds: [...others, ...ids] }), {
          code: "security-key-enrolled",
          message: `${NAME} is already registered for you with vouch.example.test.`,
        });
        assert.deepEqual(bench.said, touches);
      });
    }

    it("is none when the ids are those of other keys, be they ever so many", async () => {
      const bench = registrationBench({ profile: YUBIKEY_5_7_1 });
      const excludeIds = Array.from({ length: 20 }, (_, index) => Buffer.alloc(32, index));
      assert.notEqual(judged(await bench.register({ excludeIds })), undefined);
    });
  });

  describe("says why not", () => {
    it("when the key has no room", async () => {
      const profile = { ...YUBIKEY_5_7_1, more: new Map([...YUBIKEY_5_7_1.more, [0x14, 2]]) };
      const { register } = registrationBench({ profile, change: (state) => void enrolled(state, 2) });
      await assert.rejects(register(), {
        code: "security-key-full",
        message: `${NAME} is full: it cannot store another credential.`,
      });
    });

    it("when nobody touches the key", async () => {
      const { register } = registrationBench({ profile: YUBIKEY_5_7_1, touch: never });
      await assert.rejects(register(), { code: "security-key-untouched" });
    });

    it("when it is declined on the key", async () => {
      const { register } = registrationBench({ profile: YUBIKEY_5_7_1, touch: async () => "declined" });
      await assert.rejects(register(), {
        code: "security-key-declined",
        message: `The registration was declined on ${NAME}.`,
      });
    });

    it("when the key knows only U2F", async () => {
      await assert.rejects(registrationBench({ profile: U2F_ONLY }).register(), {
        code: "security-key-unsupported",
      });
    });
  });
});

const id = (size: number) => Buffer.alloc(size, size);
const sizes = (ids: readonly Uint8Array[], members: readonly [number, number][]) =>
  listsFor(ids, keyInfo(new Map(members))).map((list) => list.map(({ length }) => length));

describe("the lists of credentials a key is asked about", () => {
  it("leave out ids that are too long for it", () => {
    assert.deepEqual(
      sizes(
        [id(16), id(65), id(64)],
        [
          [0x07, 8],
          [0x08, 64],
        ],
      ),
      [[16, 64]],
    );
  });

  it("hold no more than it takes, and one when it does not say", () => {
    const ids = [id(16), id(17), id(18)];
    assert.deepEqual(sizes(ids, [[0x07, 2]]), [[16, 17], [18]]);
    assert.deepEqual(sizes(ids, []), [[16], [17], [18]]);
  });

  it("fit into its longest message, of 1024 bytes when it does not say", () => {
    const ids = Array.from({ length: 8 }, () => id(128));
    assert.deepEqual(
      sizes(ids, [[0x07, 8]]).map(({ length }) => length),
      [3, 3, 2],
    );
    assert.deepEqual(
      sizes(ids, [
        [0x07, 8],
        [0x05, 2048],
      ]).map(({ length }) => length),
      [8],
    );
  });

  it("are none for a person without credentials", () => {
    assert.deepEqual(sizes([], [[0x07, 8]]), []);
  });
});
