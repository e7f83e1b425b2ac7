import assert from "node:assert/strict";
import { EMAIL, suiteBench } from "../bench.ts";

const DEAD = { authenticated: false, email: null, expires_in_seconds: null, device_name: null };

describe("session at the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  beforeEach(async () => {
    token = await bench.accessToken();
  });

  const status = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const { status, json } = await bench.get("/v1/auth/status", headers);
    assert.equal(status, 200);
    return json;
  };
  const revoke = (fields: Record<string, string | undefined> = {}) =>
    bench.postForm("/oauth/revoke", { ...bench.clientFields(), token, ...fields });

  it("is alive by its status, in either scheme and any case, without a proof", async () => {
    const alive = { authenticated: true, email: EMAIL, expires_in_seconds: 28_800, device_name: null };
    for (const scheme of ["DPoP", "Bearer", "dpop", "BEARER"]) {
      assert.deepEqual(await status(`${scheme} ${token}`), alive);
    }
  });

  it("is dead by its status without a token, with another scheme or a bad token, and at its end", async () => {
    for (const header of [undefined, `Basic ${token}`, token, "DPoP x.y.z"]) {
      assert.deepEqual(await status(header), DEAD);
    }
    bench.clock.advance(28_799_000);
    assert.equal((await status(`DPoP ${token}`))["expires_in_seconds"], 1);
    bench.clock.advance(1000);
    assert.deepEqual(await status(`DPoP ${token}`), DEAD);
  });

  it("is not ended by another client, who is told nothing", async () => {
    await bench.becomeClient();
    assert.deepEqual([(await revoke()).status, bench.standIn.liveSessions], [200, 1]);
    assert.equal((await revoke({ token: "unknown" })).status, 200);
  });

  it("is not ended without client authentication, by a used assertion, or without a token", async () => {
    const unproven = { client_assertion: undefined, client_assertion_type: undefined };
    assert.equal((await revoke({ ...unproven, client_id: bench.clientId })).outcome, "401 invalid_client");
    const wrongAudience = bench.clientFields({ claims: { aud: `${bench.standIn.url}/oauth/revoke` } });
    assert.equal((await revoke(wrongAudience)).outcome, "401 invalid_client");
    const used = bench.clientFields();
    await bench.askChallenge(used);
    assert.equal((await revoke(used)).outcome, "401 invalid_client");
    assert.equal((await revoke({ token: undefined })).outcome, "400 invalid_request");
    assert.equal(bench.standIn.liveSessions, 1);
  });
});
