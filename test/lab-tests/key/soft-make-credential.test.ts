import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { decodeFirst } from "cborg";
import { YUBIKEY_5_1, YUBIKEY_5_4_3, YUBIKEY_5_7_1 } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { HASH, RawClient, type RawOptions, RP_ID } from "./raw-client.ts";

const modern = (more: Partial<RawOptions> = {}) => new RawClient({ profile: YUBIKEY_5_7_1, ...more });
const ids = (count: number) =>
  Array.from({ length: count }, () => ({ id: Buffer.alloc(16), type: "public-key" }));

describe("makeCredential on the software security key", () => {
  it("makes a credential that attests itself and logs in", async () => {
    const client = modern();
    const { status, map } = await client.send(
      0x01,
      client.registrationRequest(await client.token(9, [[9, 1]])),
    );
    const data = Buffer.from(map.get(2) as Uint8Array);
    assert.deepEqual([status, map.get(1), data[32]], [0, "packed", 0x45]);
    assert.deepEqual(data.subarray(0, 32), createHash("sha256").update(RP_ID).digest());

    const idLength = data.readUInt16BE(53);
    const cose: Map<number, Uint8Array> = decodeFirst(data.subarray(55 + idLength), { useMaps: true })[0];
    const coordinate = (member: number) => Buffer.from(cose.get(member) ?? []).toString("base64url");
    const key = createPublicKey({
      key: { kty: "EC", crv: "P-256", x: coordinate(-2), y: coordinate(-3) },
      format: "jwk",
    });
    const signature = (map.get(3) as Map<string, Uint8Array>).get("sig") ?? new Uint8Array();
    assert.equal(verify("sha256", Buffer.concat([data, HASH]), key, signature), true);

    const login = await client.send(0x02, client.assertionRequest(await client.token(9)));
    const { id } = Object.fromEntries(login.map.get(1) as Map<string, Uint8Array>);
    assert.deepEqual(Buffer.from(id ?? []), data.subarray(55, 55 + idLength));
  });

  for (const [what, changes, status] of [
    ["no algorithm of ours", [[4, [{ alg: -8, type: "public-key" }]]], 0x26],
    ["up:false", [[7, { rk: true, up: false }]], 0x2c],
    ["a proof for something else", [[1, Buffer.alloc(32, 1)]], 0x33],
  ] as const) {
    it(`refuses ${what} with 0x${status.toString(16)}`, async () => {
      const client = modern();
      const token = await client.token(9, [[9, 1]]);
      assert.equal(await client.status(0x01, client.registrationRequest(token, changes)), status);
    });
  }

  it("refuses a token for logging in", async () => {
    const client = modern();
    assert.equal(await client.status(0x01, client.registrationRequest(await client.token(9))), 0x33);
  });

  it("wants the PIN where one is set", async () => {
    const client = modern();
    const bare = client.registrationRequest(undefined);
    assert.equal(await client.status(0x01, bare), 0x36);
  });

  it("refuses an excluded credential, after a touch", async () => {
    const client = modern();
    const id = Buffer.from(client.state.credentials[0]?.credentialId ?? "", "base64url");
    const token = await client.token(9, [[9, 1]]);
    assert.equal(
      await client.status(0x01, client.registrationRequest(token, [[5, [{ id, type: "public-key" }]]])),
      0x19,
    );
    assert.equal(await client.status(0x01, client.registrationRequest(token)), 0x33);
  });

  it("refuses one credential more than fit", async () => {
    const client = modern({
      change: (state: SoftKeyState) => {
        const [credential] = state.credentials;
        assert.ok(credential);
        state.credentials = Array.from({ length: 100 }, () => credential);
      },
    });
    assert.equal(
      await client.status(0x01, client.registrationRequest(await client.token(9, [[9, 1]]))),
      0x28,
    );
  });

  it("makes one that must be named without the PIN, on keys that say so", async () => {
    const named = [[7, { rk: false }]] as const;
    const client = modern();
    assert.equal(await client.status(0x01, client.registrationRequest(undefined, named)), 0);
    assert.equal(client.state.credentials.at(-1)?.discoverable, false);
    const older = new RawClient({ profile: YUBIKEY_5_4_3 });
    assert.equal(await older.status(0x01, older.registrationRequest(undefined, named)), 0x36);
  });

  it("refuses nine entries in the exclude list", async () => {
    const client = modern();
    const token = await client.token(9, [[9, 1]]);
    assert.equal(await client.status(0x01, client.registrationRequest(token, [[5, ids(9)]])), 0x39);
    assert.equal(await client.status(0x01, client.registrationRequest(token, [[5, ids(8)]])), 0);
  });

  it("replaces the user's own credential on a full key", async () => {
    const client = modern({
      change: (state) => {
        state.credentials = [];
        for (let user = 0; user < 100; user += 1) {
          enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, user), userName: "ada" });
        }
      },
    });
    const stranger = client.registrationRequest(await client.token(9, [[9, 1]]), [
      [3, { id: Buffer.alloc(16, 200) }],
    ]);
    assert.equal(await client.status(0x01, stranger), 0x28);
    assert.equal(await client.status(0x01, client.registrationRequest(await client.token(9, [[9, 1]]))), 0);
    assert.equal(client.state.credentials.length, 100);
  });

  describe("with credProtect", () => {
    const make = async (client: RawClient, level: number) => {
      const token = await client.token(client.key.profile === YUBIKEY_5_7_1 ? 9 : 5, [
        ...(client.key.profile === YUBIKEY_5_7_1 ? [[9, 1] as const] : []),
      ]);
      const extensions = [6, { credProtect: level, another: true }] as const;
      return client.send(0x01, client.registrationRequest(token, [extensions]));
    };
    const dataOf = (map: ReadonlyMap<unknown, unknown>) => Buffer.from(map.get(2) as Uint8Array);

    it("says the level in the authenticator data, behind the public key", async () => {
      const data = dataOf((await make(modern(), 2)).map);
      const [, rest] = decodeFirst(data.subarray(55 + data.readUInt16BE(53)), { useMaps: true });
      assert.deepEqual([data[32], Buffer.from(rest).toString("hex")], [0xc5, "a16b6372656450726f7465637402"]);
    });

    it("refuses a level that is none", async () => {
      assert.equal((await make(modern(), 4)).status, 0x2c);
    });

    it("passes over it where the key does not know it", async () => {
      const { status, map } = await make(new RawClient({ profile: YUBIKEY_5_1 }), 3);
      assert.deepEqual([status, dataOf(map)[32]], [0, 0x45]);
    });

    it("excludes a credential of level 3 only from who is proven", async () => {
      const client = modern();
      const data = dataOf((await make(client, 3)).map);
      const id = data.subarray(55, 55 + data.readUInt16BE(53));
      const excluded = [5, [{ id, type: "public-key" }]] as const;
      const unproven = client.registrationRequest(undefined, [[7, { rk: false }], excluded]);
      assert.equal(await client.status(0x01, unproven), 0);
      const proven = client.registrationRequest(await client.token(9, [[9, 1]]), [excluded]);
      assert.equal(await client.status(0x01, proven), 0x19);
    });
  });
});
