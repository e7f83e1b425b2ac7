import assert from "node:assert/strict";
import { suiteBench } from "../bench.ts";
import { makeSecurityKey } from "../hand-security-key.ts";

const KEYS = "/v1/keys";

describe("the registered keys of the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  beforeEach(async () => {
    token = await bench.accessToken();
  });

  const addKey = (name: string) => {
    const { credentialId, cosePublicKey } = makeSecurityKey();
    bench.standIn.addCredential({ userId: bench.userId, credentialId, cosePublicKey, counter: 0, name });
    const keyId = bench.standIn.credentials.at(-1)?.keyId;
    return keyId ?? assert.fail();
  };
  const remove = (id: string, as = token) => bench.signed(`${KEYS}/${id}`, { token: as, method: "DELETE" });

  it("are listed, with the one that the session began with", async () => {
    addKey("green key");
    const { status, json } = await bench.signed(KEYS, { token });
    const keys = json["keys"] as Record<string, unknown>[];
    assert.equal(status, 200);
    assert.deepEqual(
      keys.map(({ name, is_current_session }) => [name, is_current_session]),
      [
        ["", true],
        ["green key", false],
      ],
    );
    assert.deepEqual(Object.keys(keys[0] ?? {}).sort(), [
      "aaguid",
      "created_at",
      "device_model",
      "id",
      "is_current_session",
      "name",
    ]);
  });

  it("are removed soon after a login, but for the last one", async () => {
    const id = addKey("green key");
    const { status, json } = await remove(id);
    assert.deepEqual([status, json["sessions_revoked"], json["current_session_revoked"]], [200, 0, false]);
    assert.equal((await remove(id)).outcome, "404 not_found");
    const [last] = bench.standIn.credentials;
    assert.equal((await remove(last?.keyId ?? "")).outcome, "400 last_key");
  });

  it("take the sessions with them that began with one", async () => {
    addKey("green key");
    const [first] = bench.standIn.credentials;
    const { json } = await remove(first?.keyId ?? "");
    assert.deepEqual([json["sessions_revoked"], json["current_session_revoked"]], [1, true]);
    assert.equal((await bench.signed(KEYS, { token })).outcome, "401 invalid_token");
  });

  it("are not removed after a minute, nor by a session without a security key", async () => {
    const id = addKey("green key");
    bench.clock.advance(60_000);
    assert.equal((await remove(id)).outcome, "401 insufficient_user_authentication");
    const bootstrap = await bench.deviceToken({ userId: bench.userId, hardwareVerified: false });
    assert.equal((await remove(id, bootstrap)).outcome, "401 insufficient_user_authentication");
  });
});
