import assert from "node:assert/strict";
import { type Challenge, EXCHANGE_GRANT, FIDO2_GRANT, suiteBench } from "../bench.ts";
import { claimsOf } from "../hand-jws.ts";

const PATH = "/oauth/fido2/challenge";

describe("FIDO2 challenge of the Vouch stand-in", () => {
  const bench = suiteBench();

  it("is 32 fresh bytes, a state that is bound to the client, and a nonce", async () => {
    const { status, json, headers } = await bench.askChallenge();
    const { challenge, rp_id, state, ...more } = json;
    const bytes = Buffer.from(String(challenge), "base64url");
    assert.deepEqual([status, rp_id, more, bytes.length], [200, "localhost", {}, 32]);
    assert.deepEqual(JSON.parse(Buffer.from(String(state).split(".")[0] ?? "", "base64url").toString()), {
      typ: "vouch-fido2-challenge+jwt",
      alg: "HS256",
    });
    assert.deepEqual(claimsOf(String(state)), {
      challenge: [...bytes],
      rp_id: "localhost",
      client_id: bench.clientId,
      iat: bench.now,
      exp: bench.now + 300,
    });
    assert.match(String(headers["dpop-nonce"]), /^[\w-]{32}$/);
    assert.equal(headers["cache-control"], "no-cache, no-store, must-revalidate");
    assert.notEqual((await bench.challenge()).challenge, challenge);
  });

  it("wants the grant registered", async () => {
    await bench.becomeClient({ grant_types: [EXCHANGE_GRANT] });
    assert.equal((await bench.askChallenge()).outcome, "400 unauthorized_client");
  });

  it("refuses a field that is given twice", async () => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = `${new URLSearchParams(bench.clientFields())}&client_id=a&client_id=a`;
    const { outcome } = await bench.send({ method: "POST", path: PATH, headers, body });
    assert.equal(outcome, "400 invalid_request");
  });

  for (const [era, outcome] of [
    ["A", "200"],
    ["B", "200"],
    ["C-staged", "200"],
    ["C-strict", "401 invalid_client"],
  ] as const) {
    it(`era ${era}: answers ${outcome} to the JSON {}`, async () => {
      await bench.reopen({ era });
      assert.equal((await bench.postJson(PATH, {})).outcome, outcome);
    });
  }

  for (const era of ["C-staged", "C-strict"] as const) {
    it(`era ${era}: refuses a bare client_id, a secret, Basic and a bad assertion`, async () => {
      await bench.reopen({ era });
      const basic = await bench.postForm(PATH, {}, { Authorization: "Basic YTpi" });
      const outcomes = [
        (await bench.askChallenge({ client_id: bench.clientId })).outcome,
        (await bench.askChallenge({ client_id: bench.clientId, client_secret: "s" })).outcome,
        basic.outcome,
        (await bench.askChallenge(bench.clientFields({ claims: { aud: "x" } }))).outcome,
      ];
      assert.deepEqual(outcomes, Array(4).fill("401 invalid_client"));
    });
  }

  it("era C-staged: binds the state only when a client proved itself; any client may redeem the other", async () => {
    await bench.reopen({ era: "C-staged" });
    const free = await bench.postForm(PATH, {});
    const { client_id } = claimsOf(String(free.json["state"]));
    assert.equal(client_id, undefined);
    assert.equal(claimsOf((await bench.challenge()).state)["client_id"], bench.clientId);

    const assertion = bench.fido2Assertion(free.json as unknown as Challenge);
    const fields = { grant_type: FIDO2_GRANT, assertion };
    assert.equal((await bench.askToken(fields, String(free.headers["dpop-nonce"]))).outcome, "200");
  });
});
