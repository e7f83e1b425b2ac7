import assert from "node:assert/strict";
import { DEVICE_GRANT, EXCHANGE_GRANT, suiteBench } from "../bench.ts";
import { claimsOf, makeHandKey } from "../hand-jws.ts";

const TYPE = "urn:ietf:params:oauth:token-type:";

describe("token exchange of the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  let nonce: string;
  beforeEach(async () => {
    token = await bench.accessToken();
    nonce = (await bench.challenge()).nonce;
  });

  const exchange = (fields: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
    bench.askToken(
      {
        grant_type: EXCHANGE_GRANT,
        subject_token: token,
        subject_token_type: `${TYPE}access_token`,
        requested_token_type: `${TYPE}id_token`,
        ...fields,
      },
      nonce,
      headers,
    );

  it("gives an ES256 ID token of ten minutes, without any claim for AWS", async () => {
    const { status, json } = await exchange({ audience: "kubernetes" });
    const { access_token, ...rest } = json;
    assert.equal(status, 200);
    assert.deepEqual(rest, { issued_token_type: `${TYPE}id_token`, token_type: "N_A", expires_in: 600 });
    const { jti: _, ...claims } = claimsOf(String(access_token));
    assert.deepEqual(claims, {
      iss: bench.standIn.url,
      sub: "ada@example.com",
      aud: "kubernetes",
      email: "ada@example.com",
      email_verified: true,
      iat: bench.now,
      exp: bench.now + 600,
      hardware_verified: true,
    });
    assert.equal(bench.standIn.counts.exchangedTokens, 1);
    assert.equal(bench.standIn.liveSessions, 1);
  });

  it("names itself as audience when none is asked for; resource means the same", async () => {
    const audienceOf = async (fields: Record<string, string>) =>
      claimsOf(String((await exchange(fields)).json["access_token"]))["aud"];
    assert.equal(await audienceOf({}), bench.standIn.url);
    assert.equal(await audienceOf({ resource: "https://a.test" }), "https://a.test");
    assert.equal(
      await audienceOf({ resource: "https://a.test", audience: "https://a.test" }),
      "https://a.test",
    );
  });

  const refused: Record<string, [Record<string, string | undefined>, string]> = {
    "audience and resource that differ": [{ audience: "a", resource: "b" }, "400 invalid_target"],
    "no subject token": [{ subject_token: undefined }, "400 invalid_request"],
    "no subject token type": [{ subject_token_type: undefined }, "400 invalid_request"],
    "an unknown subject token type": [{ subject_token_type: `${TYPE}saml2` }, "400 invalid_request"],
    "no requested type": [{ requested_token_type: undefined }, "400 invalid_request"],
    "an unknown requested type": [{ requested_token_type: `${TYPE}refresh_token` }, "400 invalid_request"],
    "an actor": [{ actor_token: "x" }, "400 invalid_request"],
    "a subject token that is none": [{ subject_token: "x.y.z" }, "400 invalid_grant"],
  };
  for (const [name, [fields, outcome]] of Object.entries(refused)) {
    it(`answers ${outcome} to ${name}`, async () => {
      assert.equal((await exchange(fields)).outcome, outcome);
    });
  }

  it("refuses a session that is over, in either way", async () => {
    bench.clock.advance(28_800_000);
    nonce = (await bench.challenge()).nonce;
    assert.equal((await exchange()).outcome, "400 invalid_grant");
    token = String((await bench.login({}, { counter: 2 })).json["access_token"]);
    bench.standIn.revokeSessions();
    assert.equal((await exchange()).outcome, "400 invalid_grant");
  });

  it("refuses a user who is deactivated", async () => {
    bench.standIn.deactivateUser(bench.userId);
    assert.equal((await exchange()).outcome, "400 invalid_grant");
  });

  it("refuses a proof by another key than the subject token is bound to", async () => {
    const DPoP = bench.tokenProof(nonce, { key: makeHandKey() });
    assert.equal((await exchange({}, { DPoP })).outcome, "400 invalid_grant");
  });

  it("wants client, grant and nonce as every grant does", async () => {
    const claims = { aud: "elsewhere" };
    assert.equal((await exchange(bench.clientFields({ claims }))).outcome, "401 invalid_client");
    const DPoP = bench.proof("POST", "/oauth/token");
    assert.equal((await exchange({}, { DPoP })).outcome, "400 use_dpop_nonce");
    await bench.becomeClient({ grant_types: [DEVICE_GRANT] });
    assert.equal((await exchange()).outcome, "400 unauthorized_client");
  });

  it("gives no ID token for a session that no key verified", async () => {
    token = await bench.deviceToken({ userId: bench.userId, hardwareVerified: false });
    assert.equal((await exchange()).outcome, "400 access_denied");
  });
});
