import assert from "node:assert/strict";
import type { FingerOutcome } from "../../lab/key/soft-finger.ts";
import { YUBIKEY_5_4_3, YUBIKEY_5_7_1, YUBIKEY_BIO_5_6_4 } from "../../lab/key/soft-key-profiles.ts";
import { PIN, RawClient, type RawOptions } from "./raw-client.ts";

const bio = (more: Partial<RawOptions> = {}) => new RawClient({ profile: YUBIKEY_BIO_5_6_4, ...more });
const never = () => new Promise<never>(() => {});
const noTouch = () => assert.fail("a touch was waited for");
const look = [5, new Map([["up", false]])] as const;
const uv = (value: boolean) => [5, new Map([["uv", value]])] as const;
const flagsOf = (map: ReadonlyMap<unknown, unknown>) => (map.get(2) as Uint8Array)[32];

/** A finger that does one thing after the other. */
function fingers(...outcomes: FingerOutcome[]): () => Promise<FingerOutcome> {
  return async () => outcomes.shift() ?? assert.fail("a finger was waited for once too often");
}

async function tryFinger(client: RawClient): Promise<number> {
  return client.status(0x06, (await client.vouchRequest(6)).parameters);
}

const uvRetries = async (client: RawClient) => (await client.send(0x06, new Map([[2, 7]]))).map.get(5);

/** Source: token/fido2/CTAP.md, "Fingers". */
describe("the fingers of the software security key", () => {
  it("give a token, and no touch is needed after it", async () => {
    const client = bio({ touch: noTouch });
    const request = client.assertionRequest(await client.token(6));
    const { status, map } = await client.send(0x02, request);
    assert.deepEqual([status, flagsOf(map)], [0, 0x05]);
    assert.equal(await client.status(0x02, request), 0x33);
  });

  it("give a token that serves its relying party and its permissions", async () => {
    const client = bio();
    const token = await client.token(6);
    assert.equal(await client.status(0x02, client.assertionRequest(token, [[1, "other.example"]])), 0x33);
    assert.equal(await client.status(0x01, client.registrationRequest(token)), 0x33);
  });

  it("that were read more than 30 s ago are no touch any more", async () => {
    let touches = 0;
    const client = bio({
      touch: async () => {
        touches += 1;
        return "touched";
      },
    });
    const token = await client.token(6);
    assert.equal(await client.status(0x02, client.assertionRequest(token, [look])), 0);
    await new Promise<void>((resolve) => client.timers.after(31_000, resolve));
    assert.deepEqual([await client.status(0x02, client.assertionRequest(token)), touches], [0, 1]);
  });

  it("make the key blink while it waits, and end with 0x3a when none comes", async () => {
    const client = bio({ finger: never });
    const before = client.timers.now();
    assert.equal(await tryFinger(client), 0x3a);
    assert.ok(client.timers.now() - before >= 30_000);
    assert.equal(await uvRetries(client), 3);
  });

  it("start again after one that is known", async () => {
    const client = bio({ finger: fingers("refused", "accepted") });
    assert.deepEqual(
      [await tryFinger(client), await tryFinger(client), await uvRetries(client)],
      [0x3f, 0, 3],
    );
  });

  for (const [what, changes, status] of [
    ["without permissions", [[9, 0]], 0x02],
    ["without the member for them", [[9, undefined]], 0x14],
    ["without an RP ID", [[10, undefined]], 0x14],
    ["to manage fingers", [[9, 0x08]], 0x40],
    ["to configure the key", [[9, 0x20]], 0x40],
    ["of an unknown protocol", [[1, 3]], 0x02],
  ] as const) {
    it(`are not looked at for a token ${what}: 0x${status.toString(16)}`, async () => {
      const client = bio({ finger: fingers() });
      assert.equal(
        await client.status(0x06, (await client.vouchRequest(6, PIN, changes)).parameters),
        status,
      );
    });
  }

  for (const profile of [YUBIKEY_5_4_3, YUBIKEY_5_7_1]) {
    it(`are unknown to a ${profile.name}`, async () => {
      const client = new RawClient({ profile });
      const retries = await client.status(0x06, new Map([[2, 7]]));
      assert.deepEqual([await tryFinger(client), retries], [0x3e, 0x3e]);
    });
  }

  it("that are not set up give no token", async () => {
    const profile = { ...YUBIKEY_BIO_5_6_4, options: { ...YUBIKEY_BIO_5_6_4.options, uv: false } };
    const client = new RawClient({ profile, finger: fingers() });
    assert.deepEqual([await tryFinger(client), await uvRetries(client)], [0x30, 3]);
    assert.equal(await client.status(0x02, client.assertionRequest(undefined, [uv(true)])), 0x2c);
    assert.equal(await client.status(0x02, client.assertionRequest(undefined)), 0x36);
  });

  describe("without a token", () => {
    for (const [what, changes] of [
      ["with uv:true", [uv(true)]],
      ["with uv:false, since the key always wants them", [uv(false)]],
      ["with no option, since the key always wants them", []],
    ] as const) {
      it(`prove and touch at once, ${what}`, async () => {
        const client = bio({ touch: noTouch, finger: fingers("accepted") });
        const { status, map } = await client.send(0x02, client.assertionRequest(undefined, changes));
        assert.deepEqual([status, flagsOf(map)], [0, 0x05]);
      });
    }

    it("are asked for only with uv:true where the key does not always want them", async () => {
      const profile = { ...YUBIKEY_BIO_5_6_4, options: { ...YUBIKEY_BIO_5_6_4.options, alwaysUv: false } };
      const client = new RawClient({ profile, finger: fingers("accepted") });
      const plain = await client.send(0x02, client.assertionRequest(undefined));
      const asked = await client.send(0x02, client.assertionRequest(undefined, [uv(true)]));
      assert.deepEqual([flagsOf(plain.map), flagsOf(asked.map)], [0x01, 0x05]);
    });

    for (const [what, change, status] of [
      ["a PIN", {}, 0x36],
      ["none", { pinHash: null }, 0x27],
    ] as const) {
      it(`that are refused end with 0x${status.toString(16)} where there is ${what}`, async () => {
        const client = bio({
          finger: fingers("refused"),
          change: (state) => Object.assign(state, change),
        });
        assert.equal(await client.status(0x02, client.assertionRequest(undefined)), status);
        assert.equal(client.state.uvRetries, 2);
      });
    }

    it("are not needed beside the token of a PIN, which wants its touch", async () => {
      let touches = 0;
      const client = bio({
        finger: fingers(),
        touch: async () => {
          touches += 1;
          return "touched";
        },
      });
      const request = client.assertionRequest(await client.token(9), [uv(true)]);
      assert.deepEqual([await client.status(0x02, request), touches], [0, 1]);
    });
  });
});
