import assert from "node:assert/strict";
import { DEVICE_GRANT, EXCHANGE_GRANT, suiteBench } from "../bench.ts";
import { claimsOf } from "../hand-jws.ts";

describe("device flow of the Vouch stand-in", () => {
  const bench = suiteBench({ deviceInterval: 1 });

  const begin = async () => {
    const { json } = await bench.postForm("/oauth/device", bench.clientFields());
    return { deviceCode: String(json["device_code"]), userCode: String(json["user_code"]) };
  };
  const poll = async (device_code: string | undefined) =>
    bench.askToken({ grant_type: DEVICE_GRANT, device_code }, (await bench.challenge()).nonce);
  const later = () => bench.clock.advance(1000);

  it("begins with two codes and the page to type one at", async () => {
    const { status, json } = await bench.postForm("/oauth/device", bench.clientFields());
    const { device_code, user_code, ...rest } = json;
    assert.equal(status, 200);
    assert.match(String(device_code), /^[\w-]{43}$/);
    assert.match(String(user_code), /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    assert.deepEqual(rest, {
      verification_uri: `${bench.standIn.url}/device`,
      verification_uri_complete: `${bench.standIn.url}/device?user_code=${user_code}`,
      expires_in: 600,
      interval: 1,
    });
  });

  it("refuses to begin for an unknown client, or one without the grant", async () => {
    assert.equal((await bench.postForm("/oauth/device", {})).outcome, "401 invalid_client");
    await bench.becomeClient({ grant_types: [EXCHANGE_GRANT] });
    const answer = await bench.postForm("/oauth/device", bench.clientFields());
    assert.equal(answer.outcome, "400 unauthorized_client");
  });

  it("waits for the approval, then gives a bound token", async () => {
    const { deviceCode, userCode } = await begin();
    assert.equal((await poll(deviceCode)).outcome, "400 authorization_pending");
    bench.standIn.approveDevice(userCode, { userId: bench.userId });
    later();
    const { status, json } = await poll(deviceCode);
    assert.equal(status, 200);
    assert.deepEqual(
      [json["token_type"], json["expires_in"], json["email"]],
      ["DPoP", 28_800, "ada@example.com"],
    );
    const { cnf, hardware_verified } = claimsOf(String(json["access_token"]));
    assert.deepEqual([cnf, hardware_verified], [{ jkt: bench.key.jwk.kid }, true]);
  });

  it("asks to slow down when polls are less than the interval apart", async () => {
    const { deviceCode } = await begin();
    await poll(deviceCode);
    bench.clock.advance(999);
    assert.equal((await poll(deviceCode)).outcome, "400 slow_down");
    later();
    assert.equal((await poll(deviceCode)).outcome, "400 authorization_pending");
  });

  it("says when it was denied, and when it expired", async () => {
    const { deviceCode, userCode } = await begin();
    bench.standIn.denyDevice(userCode);
    assert.equal((await poll(deviceCode)).outcome, "400 access_denied");
    bench.clock.advance(600_000);
    assert.equal((await poll(deviceCode)).outcome, "400 expired_token");
  });

  it("knows no code that is missing, unknown, too long or another client's", async () => {
    const { deviceCode } = await begin();
    for (const code of [undefined, "", "unknown", "x".repeat(129)]) {
      assert.equal((await poll(code)).outcome, "400 invalid_grant");
    }
    await bench.becomeClient();
    assert.equal((await poll(deviceCode)).outcome, "400 invalid_grant");
  });

  it("refuses a user who is deactivated in the meantime", async () => {
    const { deviceCode, userCode } = await begin();
    bench.standIn.approveDevice(userCode, { userId: bench.userId });
    bench.standIn.deactivateUser(bench.userId);
    assert.equal((await poll(deviceCode)).outcome, "400 invalid_grant");
  });

  it("ends the sessions of a code that is used twice, and no others", async () => {
    await bench.login();
    const { deviceCode, userCode } = await begin();
    bench.standIn.approveDevice(userCode, { userId: bench.userId });
    await poll(deviceCode);
    assert.equal(bench.standIn.liveSessions, 2);
    assert.equal((await poll(deviceCode)).outcome, "400 invalid_grant");
    assert.equal(bench.standIn.liveSessions, 1);
  });

  it("era B: ends all sessions of the user then", async () => {
    await bench.reopen({ era: "B" });
    await bench.login();
    const { deviceCode, userCode } = await begin();
    bench.standIn.approveDevice(userCode, { userId: bench.userId });
    await poll(deviceCode);
    await poll(deviceCode);
    assert.equal(bench.standIn.liveSessions, 0);
  });

  it("wants a proof with a nonce", async () => {
    const { deviceCode } = await begin();
    const fields = { grant_type: DEVICE_GRANT, device_code: deviceCode };
    const DPoP = bench.proof("POST", "/oauth/token");
    assert.equal((await bench.askToken(fields, "", { DPoP })).outcome, "400 use_dpop_nonce");
    const unproven = await bench.postForm("/oauth/token", { ...fields, ...bench.clientFields() });
    assert.equal(unproven.outcome, "400 invalid_request");
  });

  it("era A: needs neither client nor proof, and offers no complete URI", async () => {
    await bench.reopen({ era: "A" });
    const { json } = await bench.postForm("/oauth/device", {});
    assert.equal(json["verification_uri_complete"], undefined);
    bench.standIn.approveDevice(String(json["user_code"]), { userId: bench.userId });
    const fields = { grant_type: DEVICE_GRANT, device_code: String(json["device_code"]) };
    assert.equal((await bench.postForm("/oauth/token", fields)).json["token_type"], "Bearer");
  });
});
