import assert from "node:assert/strict";
import { encode } from "cborg";
import type { TouchOutcome } from "../../lab/key/soft-consent.ts";
import {
  type SoftKeyProfile,
  YUBIKEY_5_1,
  YUBIKEY_5_4_3,
  YUBIKEY_5_7_1,
} from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential } from "../../lab/key/soft-key-state.ts";
import { newKeyAgreement, publicHalf } from "../../lab/key/soft-pin-crypto.ts";
import { HASH, PIN, RawClient, RP_ID } from "./raw-client.ts";

const WRONG = "canary-wrong";
const never = () => new Promise<never>(() => {});
const modern = (more = {}) => new RawClient({ profile: YUBIKEY_5_7_1, ...more });

describe("the software security key", () => {
  describe("parameters", () => {
    for (const [what, hex, status] of [
      ["keys out of order", `a2025820${"5a".repeat(32)}016178`, 0x12],
      ["an integer not in its shortest form", "a118016178", 0x12],
      ["an indefinite map", "bf016178ff", 0x12],
      ["bytes behind the map", "a101617800", 0x12],
      ["a duplicate key", "a2016178016178", 0x12],
      ["five levels of nesting", "a10181818180", 0x12],
      ["nothing", "", 0x12],
      ["a list", "80", 0x11],
      ["no RP ID", "a0", 0x14],
      ["a number for the RP ID", "a10105", 0x11],
      ["no hash", "a1016178", 0x14],
      ["a short hash", "a20161780241aa", 0x03],
    ] as const) {
      it(`with ${what} are refused with 0x${status.toString(16)}`, async () => {
        assert.equal(await modern().status(0x02, Buffer.from(hex, "hex")), status);
      });
    }

    it("of a command it does not know are not looked at", async () => {
      assert.equal(await modern().status(0x41), 0x01);
    });
  });

  describe("PIN tries", () => {
    for (const [profile, subcommand] of [
      [YUBIKEY_5_1, 5],
      [YUBIKEY_5_4_3, 5],
      [YUBIKEY_5_7_1, 9],
    ] as const) {
      // Source: token/fido2/CTAP.md, "PIN retries".
      it(`end 31 31 34, power cycle, 31 31 34, power cycle, 31 32: ${profile.name}`, async () => {
        const client = new RawClient({ profile });
        const seen: number[] = [];
        for (let tries = 1; tries <= 8; tries += 1) {
          seen.push(await client.tryPin(WRONG, subcommand));
          if (tries % 3 === 0) {
            assert.equal(await client.tryPin(PIN, subcommand), 0x34);
            client.key.plugIn();
          }
        }
        assert.deepEqual(seen, [0x31, 0x31, 0x34, 0x31, 0x31, 0x34, 0x31, 0x32]);
        assert.equal(await client.tryPin(PIN, subcommand), 0x32);
      });
    }

    it("need a new key agreement after a wrong PIN", async () => {
      const client = modern();
      const right = await client.vouchRequest(9);
      await client.tryPin(WRONG, 9);
      assert.equal(await client.status(0x06, right.parameters), 0x31);
    });

    for (const subcommand of [5, 9]) {
      it(`are right and yet refused when the PIN must be changed: subcommand ${subcommand}`, async () => {
        const client = modern({ change: (state: object) => Object.assign(state, { forcePinChange: true }) });
        assert.deepEqual([await client.tryPin(PIN, subcommand), client.state.pinRetries], [0x31, 8]);
      });
    }
  });

  describe("a token", () => {
    for (const [what, subcommand, changes, status] of [
      ["of CTAP 2.0 with permissions", 5, [[9, 2]], 0x02],
      ["of CTAP 2.0 with an RP ID", 5, [[10, RP_ID]], 0x02],
      ["without permissions", 9, [[9, 0]], 0x02],
      ["with an unknown permission", 9, [[9, 0x40]], 0x40],
      ["with a permission that the key has no use for", 9, [[9, 0x0a]], 0x40],
      ["of an unknown subcommand", 0x0b, [], 0x3e],
      ["of an unknown protocol", 9, [[1, 3]], 0x02],
      ["with a key that is not on the curve", 9, [[3, offCurve()]], 0x02],
      ["with a key of six members", 9, [[3, publicHalf(newKeyAgreement()).set(-4, 0)]], 0x02],
      ["with a key for signatures", 9, [[3, publicHalf(newKeyAgreement()).set(3, -7)]], 0x02],
      ["with a key of another curve", 9, [[3, publicHalf(newKeyAgreement()).set(-1, 2)]], 0x02],
    ] as const) {
      it(`${what} is refused with 0x${status.toString(16)}`, async () => {
        const client = modern();
        assert.equal(
          await client.status(0x06, (await client.vouchRequest(subcommand, PIN, changes)).parameters),
          status,
        );
        assert.equal(client.state.pinRetries, 8);
      });
    }

    it("with permissions is unknown to keys before 5.7", async () => {
      assert.equal(await new RawClient({ profile: YUBIKEY_5_4_3 }).tryPin(PIN, 9), 0x3e);
    });

    it("without its RP ID is refused", async () => {
      const client = modern();
      const { parameters } = await client.vouchRequest(9);
      parameters.delete(10);
      assert.equal(await client.status(0x06, parameters), 0x14);
    });

    for (const subcommand of [5, 9]) {
      it(`serves one touch: subcommand ${subcommand}`, async () => {
        const client = modern();
        const request = client.assertionRequest(await client.token(subcommand));
        assert.deepEqual([await client.status(0x02, request), await client.status(0x02, request)], [0, 0x33]);
      });

      it(`is not used up by a look without touch: subcommand ${subcommand}`, async () => {
        const client = modern();
        const token = await client.token(subcommand);
        const look = client.assertionRequest(token, [[5, new Map([["up", false]])]]);
        const answer = await client.send(0x02, look);
        assert.deepEqual([answer.status, (answer.map.get(2) as Uint8Array)[32]], [0, 0x04]);
        assert.equal(await client.status(0x02, client.assertionRequest(token)), 0);
      });

      it(`serves one relying party: subcommand ${subcommand}`, async () => {
        const client = modern({
          change: (state: Parameters<typeof enrolCredential>[0]) =>
            enrolCredential(state, {
              rpId: "other.example",
              userHandle: Buffer.alloc(16, 2),
              userName: "eve",
            }),
        });
        const token = await client.token(subcommand);
        const look = [5, new Map([["up", false]])] as const;
        assert.equal(await client.status(0x02, client.assertionRequest(token, [look])), 0);
        assert.equal(await client.status(0x02, client.assertionRequest(token, [[1, "other.example"]])), 0x33);
      });
    }

    it("is worth nothing after the next one", async () => {
      const client = modern();
      const first = await client.token(9);
      const second = await client.token(9);
      assert.equal(await client.status(0x02, client.assertionRequest(first)), 0x33);
      assert.equal(await client.status(0x02, client.assertionRequest(second)), 0);
    });

    it("to log in is not given for a PIN where the key says so", async () => {
      const options = { ...YUBIKEY_5_7_1.options, noMcGaPermissionsWithClientPin: true };
      const client = new RawClient({ profile: { ...YUBIKEY_5_7_1, options } });
      assert.equal(await client.tryPin(PIN, 9), 0x40);
    });

    it("that is in use lives for 10 minutes", async () => {
      const client = modern();
      const token = await client.token(9);
      const look = client.assertionRequest(token, [[5, new Map([["up", false]])]]);
      const seen: number[] = [];
      for (const ms of [20_000, 570_000, 20_000]) {
        await new Promise<void>((resolve) => client.timers.after(ms, resolve));
        seen.push(await client.status(0x02, look));
      }
      assert.deepEqual(seen, [0, 0, 0x33]);
    });

    for (const [after, status] of [
      [29_000, 0],
      [31_000, 0x33],
    ] as const) {
      it(`used after ${after} ms gives 0x${status.toString(16)}`, async () => {
        const client = modern();
        const request = client.assertionRequest(await client.token(9));
        await new Promise<void>((resolve) => client.timers.after(after, resolve));
        assert.equal(await client.status(0x02, request), status);
      });
    }

    it("proves nothing when the proof is cut to 16 bytes under protocol two", async () => {
      const client = modern();
      const token = await client.token(9);
      const short = client.protocol.authenticate(token, HASH).subarray(0, 16);
      assert.equal(await client.status(0x02, client.assertionRequest(token, [[6, short]])), 0x33);
    });

    for (const [what, changes, status] of [
      ["for another message", [[2, Buffer.alloc(32, 1)]], 0x33],
      ["without its protocol", [[7, undefined]], 0x14],
      ["under the other protocol", [[7, 1]], 0x33],
      ["under an unknown protocol", [[7, 3]], 0x02],
    ] as const) {
      it(`${what} proves nothing`, async () => {
        const client = modern();
        const token = await client.token(9);
        assert.equal(await client.status(0x02, client.assertionRequest(token, changes)), status);
      });
    }

    it("is gone after unplugging", async () => {
      const client = modern();
      const request = client.assertionRequest(await client.token(9));
      client.key.plugIn();
      const hid = await client.channel();
      const payload = Buffer.concat([Buffer.from([2]), encode(request)]);
      assert.deepEqual([...(await hid.send({ command: 0x10, payload }))], [0x33]);
    });
  });

  describe("getAssertion", () => {
    const ids = (count: number) =>
      Array.from({ length: count }, () => ({ id: Buffer.alloc(16), type: "public-key" }));
    for (const [what, profile, changes, status] of [
      ["rk as an option", YUBIKEY_5_7_1, [[5, new Map([["rk", true]])]], 0x2b],
      ["uv where there is none", YUBIKEY_5_7_1, [[5, new Map([["uv", true]])]], 0x2c],
      ["even uv:false on a 5.4.3", YUBIKEY_5_4_3, [[5, new Map([["uv", false]])]], 0x2c],
      ["a text in the allow list", YUBIKEY_5_7_1, [[3, ["id"]]], 0x11],
      ["an empty allow list", YUBIKEY_5_7_1, [[3, []]], 0x02],
      ["nine entries in the allow list", YUBIKEY_5_7_1, [[3, ids(9)]], 0x39],
      ["nine entries on a 5.1, which does not say how many it takes", YUBIKEY_5_1, [[3, ids(9)]], 0x39],
      ["an allow list with none of ours", YUBIKEY_5_7_1, [[3, ids(8)]], 0x2e],
      ["an unknown relying party", YUBIKEY_5_7_1, [[1, "nobody.example"]], 0x2e],
      ["an empty proof, which blinks first", YUBIKEY_5_7_1, [[6, new Uint8Array()]], 0x31],
    ] as const) {
      it(`refuses ${what} with 0x${status.toString(16)}`, async () => {
        const client = new RawClient({ profile });
        assert.equal(await client.status(0x02, client.assertionRequest(undefined, changes)), status);
      });
    }

    it("takes uv:false on a 5.7.1", async () => {
      const client = modern();
      assert.equal(
        await client.status(0x02, client.assertionRequest(undefined, [[5, new Map([["uv", false]])]])),
        0,
      );
    });

    it("wants the PIN always, with alwaysUv", async () => {
      const profile = { ...YUBIKEY_5_7_1, options: { ...YUBIKEY_5_7_1.options, alwaysUv: true } };
      const client = new RawClient({ profile });
      assert.equal(await client.status(0x02, client.assertionRequest(undefined)), 0x36);
    });

    it("gives no next one after 30 s", async () => {
      const client = modern({
        change: (state: Parameters<typeof enrolCredential>[0]) =>
          enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, 2), userName: "grace" }),
      });
      await client.send(0x02, client.assertionRequest(undefined));
      await new Promise<void>((resolve) => client.timers.after(30_001, resolve));
      assert.equal(await client.status(0x08), 0x30);
    });

    const untouched: [SoftKeyProfile, () => Promise<TouchOutcome>, number][] = [
      [YUBIKEY_5_7_1, never, 0x3a],
      [{ ...YUBIKEY_5_7_1, touchTimeoutStatus: 0x2f }, never, 0x2f],
      [YUBIKEY_5_7_1, async () => "timeout", 0x3a],
      [YUBIKEY_5_7_1, async () => "declined", 0x27],
    ];
    for (const [profile, touch, status] of untouched) {
      it(`that is not touched ends with 0x${status.toString(16)}`, async () => {
        const client = new RawClient({ profile, touch });
        assert.equal(await client.status(0x02, client.assertionRequest(undefined)), status);
      });
    }
  });
});

function offCurve(): Map<number, unknown> {
  return new Map<number, unknown>([
    [1, 2],
    [3, -25],
    [-1, 1],
    [-2, Buffer.alloc(32, 1)],
    [-3, Buffer.alloc(32, 1)],
  ]);
}
