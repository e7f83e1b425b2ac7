import assert from "node:assert/strict";
import { YUBIKEY_5_4_3, YUBIKEY_5_7_1 } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { RawClient, type RawOptions, RP_ID } from "./raw-client.ts";

const modern = (more: Partial<RawOptions> = {}) => new RawClient({ profile: YUBIKEY_5_7_1, ...more });
const ids = (count: number) =>
  Array.from({ length: count }, () => ({ id: Buffer.alloc(16), type: "public-key" }));

describe("makeCredential on the software security key", () => {
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
});
