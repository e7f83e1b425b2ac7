import assert from "node:assert/strict";
import { DEVICE_GRANT, EXCHANGE_GRANT, suiteBench } from "../bench.ts";

describe("device flow of the Vouch stand-in", () => {
  const bench = suiteBench({ deviceInterval: 1 });

  const begin = async () => {
    const { json } = await bench.postForm("/oauth/device", bench.clientFields());
    return { deviceCode: String(json["device_code"]), userCode: String(json["user_code"]) };
  };
  const poll = async (device_code: string | undefined) =>
    bench.askToken({ grant_type: DEVICE_GRANT, device_code }, (await bench.challenge()).nonce);
  const later = () => bench.clock.advance(1000);

  it("refuses to begin for an unknown client, or one without the grant", async () => {
    assert.equal((await bench.postForm("/oauth/device", {})).outcome, "401 invalid_client");
    await bench.becomeClient({ grant_types: [EXCHANGE_GRANT] });
    const answer = await bench.postForm("/oauth/device", bench.clientFields());
    assert.equal(answer.outcome, "400 unauthorized_client");
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

  it("wants a proof with a nonce", async () => {
    const { deviceCode } = await begin();
    const fields = { grant_type: DEVICE_GRANT, device_code: deviceCode };
    const DPoP = bench.proof("POST", "/oauth/token");
    assert.equal((await bench.askToken(fields, "", { DPoP })).outcome, "400 use_dpop_nonce");
    const unproven = await bench.postForm("/oauth/token", { ...fields, ...bench.clientFields() });
    assert.equal(unproven.outcome, "400 invalid_request");
  });
});
