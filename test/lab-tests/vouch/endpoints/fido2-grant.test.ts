import assert from "node:assert/strict";
import {
  type Bench,
  type Challenge,
  DEVICE_GRANT,
  FIDO2_GRANT,
  type Fido2Changes,
  suiteBench,
} from "../bench.ts";
import { claimsOf, compactJws, encodeJson, es256 } from "../hand-jws.ts";
import { makeSecurityKey } from "../hand-security-key.ts";

const REFUSED = "400 invalid_grant";

describe("fido2-assertion grant of the Vouch stand-in", () => {
  const bench = suiteBench();

  const outcomeOf = async (changes: Fido2Changes) => (await bench.login({}, changes)).outcome;
  const redeem = (challenge: Challenge & { nonce: string }, changes: Fido2Changes = {}) =>
    bench.askToken(
      { grant_type: FIDO2_GRANT, assertion: bench.fido2Assertion(challenge, changes) },
      challenge.nonce,
    );

  it("gives a DPoP-bound token of eight hours", async () => {
    const { status, json, headers } = await bench.login();
    const { access_token, ...rest } = json;
    assert.equal(status, 200);
    assert.deepEqual(rest, {
      token_type: "DPoP",
      expires_in: 28_800,
      scope: "openid email",
      email: "ada@example.com",
      id_token: null,
    });
    assert.deepEqual(
      [headers["cache-control"], headers["pragma"], headers["expires"]],
      ["no-cache, no-store, must-revalidate", "no-cache", "0"],
    );
    const { jti, ...claims } = claimsOf(String(access_token));
    assert.match(String(jti), /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.deepEqual(claims, {
      iss: bench.standIn.url,
      sub: bench.userId,
      aud: bench.clientId,
      client_id: bench.clientId,
      iat: bench.now,
      nbf: bench.now,
      exp: bench.now + 28_800,
      scope: "openid email",
      email: "ada@example.com",
      email_verified: true,
      hardware_verified: true,
      auth_time: bench.now,
      cnf: { jkt: bench.key.jwk.kid },
      amr: ["hwk", "pin", "user"],
      acr: "urn:nist:authentication:assurance-level:aal3",
    });
  });

  it("F1: wants an assertion before it looks at the client", async () => {
    const answer = await bench.postForm("/oauth/token", { grant_type: FIDO2_GRANT });
    assert.equal(answer.outcome, "400 invalid_request");
  });

  it("F2: wants private_key_jwt", async () => {
    const { challenge, ...rest } = { challenge: await bench.challenge() };
    const fields = { ...rest, grant_type: FIDO2_GRANT, assertion: bench.fido2Assertion(challenge) };
    const DPoP = bench.tokenProof(challenge.nonce);
    const answer = await bench.postForm("/oauth/token", { ...fields, client_id: bench.clientId }, { DPoP });
    assert.equal(answer.outcome, "401 invalid_client");
  });

  it("F2: wants the grant registered", async () => {
    await bench.becomeClient({ grant_types: [DEVICE_GRANT] });
    const answer = await bench.askToken({ grant_type: FIDO2_GRANT, assertion: "x" }, "");
    assert.equal(answer.outcome, "400 unauthorized_client");
  });

  it("F3: wants a proof, and is content with the second try after a demand for a nonce", async () => {
    const challenge = await bench.challenge();
    const fields = { grant_type: FIDO2_GRANT, assertion: bench.fido2Assertion(challenge) };
    const proof = bench.proof("POST", "/oauth/token");
    const demand = await bench.askToken(fields, "", { DPoP: proof });
    assert.equal(demand.outcome, "400 use_dpop_nonce");
    assert.equal((await bench.askToken(fields, String(demand.headers["dpop-nonce"]))).outcome, "200");
  });

  const malformed: Record<string, (bench: Bench, challenge: Challenge) => string> = {
    "no base64url": () => "no base64url!",
    "padded base64": (one, challenge) => `${one.fido2Assertion(challenge)}=`,
    "no JSON": () => Buffer.from("no").toString("base64url"),
    "a JSON array": () => encodeJson([]),
  };
  for (const [name, assertion] of Object.entries(malformed)) {
    it(`F4: refuses an assertion that is ${name}`, async () => {
      const challenge = await bench.challenge();
      const fields = { grant_type: FIDO2_GRANT, assertion: assertion(bench, challenge) };
      assert.equal((await bench.askToken(fields, challenge.nonce)).outcome, REFUSED);
    });
  }
  for (const name of [
    "state",
    "credential_id",
    "authenticator_data",
    "signature",
    "client_data_json",
    "user_handle",
  ]) {
    it(`F4: refuses an assertion without ${name}, or with a number there`, async () => {
      assert.equal(await outcomeOf({ members: { [name]: undefined } }), REFUSED);
      assert.equal(await outcomeOf({ members: { [name]: 7 } }), REFUSED);
    });
  }
  const bounds: Record<string, object> = {
    "15 bytes of credential id": { credential_id: Buffer.alloc(15).toString("base64url") },
    "1024 bytes of credential id": { credential_id: Buffer.alloc(1024).toString("base64url") },
    "63 bytes of signature": { signature: Buffer.alloc(63).toString("base64url") },
    "129 bytes of signature": { signature: Buffer.alloc(129).toString("base64url") },
    "36 bytes of authenticator data": { authenticator_data: Buffer.alloc(36).toString("base64url") },
    "client data that is no JSON": { client_data_json: Buffer.from("no").toString("base64url") },
    "client data without origin": { client_data_json: encodeJson({ type: "t", challenge: "c".repeat(43) }) },
    "client data without type": { client_data_json: encodeJson({ origin: "o", challenge: "c".repeat(43) }) },
    "client data with a number as challenge": {
      client_data_json: encodeJson({ type: "t", origin: "o", challenge: 7 }),
    },
    "client data with a challenge of 15 characters": {
      client_data_json: encodeJson({ type: "t", origin: "o", challenge: "c".repeat(15) }),
    },
    "client data with a challenge of 257 characters": {
      client_data_json: encodeJson({ type: "t", origin: "o", challenge: "c".repeat(257) }),
    },
  };
  for (const [name, members] of Object.entries(bounds)) {
    it(`F4: refuses ${name} before the state is used up`, async () => {
      const challenge = await bench.challenge();
      assert.equal((await redeem(challenge, { members })).outcome, REFUSED);
      assert.equal((await redeem(challenge)).outcome, "200");
    });
  }

  for (const length of [16, 256]) {
    it(`F4: takes a challenge of ${length} characters as within bounds: the state is used up`, async () => {
      const challenge = await bench.challenge();
      assert.equal((await redeem(challenge, { challenge: "c".repeat(length) })).outcome, REFUSED);
      assert.equal((await redeem(challenge)).outcome, REFUSED);
    });
  }

  const forgeries: Record<string, (state: string, bench: Bench) => string> = {
    "has another MAC": (state) => state.replace(/[^.]{43}$/, Buffer.alloc(32).toString("base64url")),
    "has a short MAC": (state) => state.replace(/[^.]{43}$/, "AAAA"),
    "is signed by a client": (state, { key }) =>
      compactJws({ typ: "vouch-fido2-challenge+jwt", alg: "ES256" }, claimsOf(state), es256(key)),
    "is called unsigned": (state) =>
      state.replace(/^[^.]+/, encodeJson({ typ: "vouch-fido2-challenge+jwt", alg: "none" })),
    "is no JWS": () => "x",
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    it(`F5: refuses a state that ${name}`, async () => {
      const challenge = await bench.challenge();
      const members = { state: forge(challenge.state, bench) };
      assert.equal((await redeem(challenge, { members })).outcome, REFUSED);
      assert.equal((await redeem(challenge)).outcome, "200");
    });
  }

  it("F5: refuses the state of a key registration", async () => {
    await bench.reopen({ era: "C-staged" });
    const token = await bench.accessToken();
    const body = '{"name":"k"}';
    const { json } = await bench.signed("/v1/keys/register/start", { token, method: "POST", body });
    const challenge = Buffer.from(json["challenge"] as number[]).toString("base64url");
    const { nonce, rp_id } = await bench.challenge();
    const started = { challenge, rp_id, state: String(json["state"]), nonce };
    assert.equal((await redeem(started, { counter: 2 })).outcome, REFUSED);
  });

  it("F5: a state is good for less than five minutes", async () => {
    const [early, late] = [await bench.challenge(), await bench.challenge()];
    bench.clock.advance(299_000);
    assert.equal((await redeem({ ...early, nonce: (await bench.challenge()).nonce })).outcome, "200");
    bench.clock.advance(1000);
    const { nonce } = await bench.challenge();
    assert.equal((await redeem({ ...late, nonce }, { counter: 2 })).outcome, REFUSED);
  });

  it("F6: refuses a user handle that is not 16 bytes, before the state is used up", async () => {
    const challenge = await bench.challenge();
    for (const size of [0, 15, 17]) {
      const user_handle = Buffer.alloc(size).toString("base64url");
      assert.equal((await redeem(challenge, { members: { user_handle } })).outcome, REFUSED);
    }
    assert.equal((await redeem(challenge)).outcome, "200");
  });

  it("F7: refuses another client's state, which its own client can still redeem", async () => {
    const mine = bench.clientId;
    const challenge = await bench.challenge();
    await bench.becomeClient();
    assert.equal((await redeem(challenge)).outcome, REFUSED);
    bench.clientId = mine;
    assert.equal((await redeem(challenge)).outcome, "200");
  });

  it("F8: refuses a state the second time", async () => {
    const challenge = await bench.challenge();
    assert.equal((await redeem(challenge)).outcome, "200");
    assert.equal((await redeem(challenge, { counter: 2 })).outcome, REFUSED);
  });

  it("F8: uses up the state of a login that fails afterwards", async () => {
    const challenge = await bench.challenge();
    assert.equal((await redeem(challenge, { flags: 0x01 })).outcome, REFUSED);
    assert.equal((await redeem(challenge)).outcome, REFUSED);
  });

  it("F9: refuses a credential that it does not know", async () => {
    assert.equal(await outcomeOf({ securityKey: makeSecurityKey() }), REFUSED);
  });

  it("F9: refuses the user handle of somebody else", async () => {
    const other = bench.standIn.addUser({ email: "eve@example.com" });
    const user_handle = Buffer.from(other.id.replaceAll("-", ""), "hex").toString("base64url");
    assert.equal(await outcomeOf({ members: { user_handle } }), REFUSED);
  });

  it("F9: refuses a user who is deactivated or removed", async () => {
    bench.standIn.deactivateUser(bench.userId);
    assert.equal(await outcomeOf({}), REFUSED);
    bench.standIn.removeUser(bench.userId);
    assert.equal(await outcomeOf({}), REFUSED);
  });

  it("F10: refuses authenticator data of another RP ID", async () => {
    assert.equal(await outcomeOf({ rpId: "example.com", origin: "https://localhost" }), REFUSED);
  });

  for (const flags of [0x00, 0x01, 0x04]) {
    it(`F11: refuses flags 0x0${flags}`, async () => {
      assert.equal(await outcomeOf({ flags }), REFUSED);
    });
  }

  it("F12: wants the counter to grow once it is not zero, and F16 keeps it", async () => {
    assert.equal(await outcomeOf({ counter: 0 }), "200");
    assert.equal(await outcomeOf({ counter: 7 }), "200");
    assert.equal(await outcomeOf({ counter: 7 }), REFUSED);
    assert.equal(await outcomeOf({ counter: 6 }), REFUSED);
    assert.equal(await outcomeOf({ counter: 0 }), REFUSED);
    assert.equal(bench.standIn.credentials[0]?.counter, 7);
    assert.equal(await outcomeOf({ counter: 8 }), "200");
  });

  const origins = [
    "http://localhost",
    "https://localhost:8443",
    "https://login.localhost",
    "https://localhost/",
    "https://127.0.0.1",
  ];
  for (const origin of origins) {
    it(`F13: refuses origin ${origin}`, async () => {
      assert.equal(await outcomeOf({ origin }), REFUSED);
    });
  }

  it("F13: refuses another type or challenge", async () => {
    assert.equal(await outcomeOf({ type: "webauthn.create" }), REFUSED);
    assert.equal(await outcomeOf({ challenge: "A".repeat(43) }), REFUSED);
  });

  it("F14: refuses a signature of another key, or over something else", async () => {
    const { credentialId } = bench.securityKey;
    assert.equal(await outcomeOf({ securityKey: { ...makeSecurityKey(), credentialId } }), REFUSED);
    const signature = Buffer.alloc(70).toString("base64url");
    assert.equal(await outcomeOf({ members: { signature } }), REFUSED);
  });

  it("F14: refuses a credential whose stored key is no key", async () => {
    const { credentialId } = bench.securityKey;
    for (const cosePublicKey of [Buffer.from("ff", "hex"), Buffer.from("a0", "hex")]) {
      bench.standIn.addCredential({ userId: bench.userId, credentialId, cosePublicKey, counter: 0 });
      assert.equal(await outcomeOf({}), REFUSED);
    }
  });

  it("F16: refuses what the organization's policy refuses, with its words", async () => {
    bench.standIn.faults.policyRefusal = "Disk encryption is required";
    const { status, json } = await bench.login();
    assert.deepEqual(
      [status, json],
      [400, { error: "access_denied", error_description: "Disk encryption is required" }],
    );
    assert.equal(bench.standIn.liveSessions, 0);
  });

  it("says the same of every authentication failure", async () => {
    const answers = [
      await bench.login({}, { securityKey: makeSecurityKey() }),
      await bench.login({}, { flags: 1 }),
      await bench.login({}, { origin: "http://localhost" }),
    ];
    const expected = { error: "invalid_grant", error_description: "Authentication failed" };
    assert.deepEqual(
      answers.map(({ json }) => json),
      [expected, expected, expected],
    );
  });

  it("uses an RP ID of its own where one is set", async () => {
    await bench.reopen({ rpId: "example.test" });
    const challenge = await bench.challenge();
    assert.equal(challenge.rp_id, "example.test");
    assert.equal((await redeem(challenge)).outcome, "200");
    assert.equal(await outcomeOf({ rpId: "localhost", counter: 2 }), REFUSED);
  });
});
