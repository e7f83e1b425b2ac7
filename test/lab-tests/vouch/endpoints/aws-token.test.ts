import assert from "node:assert/strict";
import { createHash, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { EMAIL, FIDO2_GRANT, type SignedChanges, suiteBench } from "../bench.ts";
import { claimsOf } from "../hand-jws.ts";

const PATH = "/v1/credentials/aws/token";
const ROLE = "arn:aws:iam::111122223333:role/team/dev";
const pinned = (role: string) => `${PATH}?role_arn=${encodeURIComponent(role)}`;

describe("AWS token of the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  beforeEach(async () => {
    token = await bench.accessToken();
  });

  const ask = (path = PATH, changes: SignedChanges = {}) => bench.signed(path, { token, ...changes });
  const claims = async (path = PATH, changes: SignedChanges = {}) => {
    const { jti, ...rest } = claimsOf(String((await ask(path, changes)).json["id_token"]));
    assert.match(String(jti), /^[\da-f]{8}-[\da-f]{4}-7/);
    return rest;
  };

  it("is an RS256 token of the JWKS, good for eight hours", async () => {
    const { status, json, headers } = await ask(pinned(ROLE));
    const { id_token, ...rest } = json;
    assert.deepEqual([status, rest], [200, { expires_in: 28_800 }]);
    assert.equal(headers["cache-control"], "no-cache, no-store, must-revalidate");

    const [header = "", body = "", signature = ""] = String(id_token).split(".");
    const { alg, kid } = JSON.parse(Buffer.from(header, "base64url").toString());
    const keys = (await bench.get("/oauth/jwks")).json["keys"] as JsonWebKey[];
    const key = createPublicKey({ key: keys.find((one) => one["kid"] === kid) ?? {}, format: "jwk" });
    assert.deepEqual([alg, key.asymmetricKeyDetails?.modulusLength], ["RS256", 3072]);
    assert.equal(
      verify("sha256", Buffer.from(`${header}.${body}`), key, Buffer.from(signature, "base64url")),
      true,
    );
  });

  it("says who it is, with source identity, tags and the pinned role", async () => {
    assert.deepEqual(await claims(pinned(ROLE)), {
      iss: bench.standIn.url,
      sub: EMAIL,
      aud: bench.standIn.url,
      email: EMAIL,
      email_verified: true,
      iat: bench.now,
      exp: bench.now + 28_800,
      hardware_verified: true,
      "https://aws.amazon.com/source_identity": EMAIL,
      "https://aws.amazon.com/tags": {
        principal_tags: { "vouch:Email": [EMAIL] },
        transitive_tag_keys: ["vouch:Email"],
      },
      "https://aws.amazon.com/roles": [ROLE],
    });
    assert.equal(bench.standIn.counts.awsTokens, 1);
  });

  it("is not pinned when no role is asked for, or when the server ignores it", async () => {
    assert.equal("https://aws.amazon.com/roles" in (await claims()), false);
    bench.standIn.faults.ignoreRoleArn = true;
    assert.equal("https://aws.amazon.com/roles" in (await claims(pinned(ROLE))), false);
  });

  it("names the AI agent of the proof in its tags", async () => {
    const ath = createHash("sha256").update(token).digest("base64url");
    const proof = bench.proof("GET", PATH, { claims: { ath, source: "claude-code" } });
    assert.deepEqual((await claims(PATH, { proof }))["https://aws.amazon.com/tags"], {
      principal_tags: {
        "vouch:Email": [EMAIL],
        "vouch:AccessType": ["ai"],
        "vouch:Agent": ["claude-code"],
      },
      transitive_tag_keys: ["vouch:Email", "vouch:AccessType", "vouch:Agent"],
    });
  });

  it("knows organization and key model where the server does", async () => {
    const { id } = bench.standIn.addUser({ id: bench.userId, email: EMAIL, domain: "example.com" });
    const { credentialId, cosePublicKey } = bench.securityKey;
    const aaguid = "2fc0579f-8113-47ea-b116-bb5a8db9202a";
    bench.standIn.addCredential({ userId: id, credentialId, cosePublicKey, counter: 0, aaguid });
    token = await bench.accessToken();
    const { hd, hardware_aaguid, ...rest } = await claims();
    assert.deepEqual([hd, hardware_aaguid], ["example.com", aaguid]);
    assert.deepEqual(rest["https://aws.amazon.com/tags"], {
      principal_tags: { "vouch:Email": [EMAIL], "vouch:Domain": ["example.com"] },
      transitive_tag_keys: ["vouch:Email", "vouch:Domain"],
    });
  });

  it("keeps to what was true at login", async () => {
    bench.standIn.addUser({ id: bench.userId, email: "new@example.com", domain: "example.com" });
    const { sub, hd } = await claims();
    assert.deepEqual([sub, hd], [EMAIL, undefined]);
  });

  const roles: Record<string, string> = {
    "a role of another partition": "arn:aws-cn:iam::111122223333:role/dev",
    "a role of the longest length": `arn:aws:iam::111122223333:role/${"x".repeat(2048 - 31)}`,
  };
  for (const [name, role] of Object.entries(roles)) {
    it(`takes ${name}`, async () => {
      assert.equal((await ask(pinned(role))).outcome, "200");
    });
  }
  const noRoles: Record<string, string> = {
    "a user": "arn:aws:iam::111122223333:user/dev",
    "a session": "arn:aws:sts::111122223333:assumed-role/dev/ada",
    "a short account": "arn:aws:iam::1111:role/dev",
    "a role without a name": "arn:aws:iam::111122223333:role/",
    "an empty value": "",
    "a role that is too long": `arn:aws:iam::111122223333:role/${"x".repeat(2049 - 31)}`,
  };
  for (const [name, role] of Object.entries(noRoles)) {
    it(`answers 400 invalid_role_arn to ${name}`, async () => {
      assert.equal((await ask(pinned(role))).outcome, "400 invalid_role_arn");
    });
  }

  it("looks at the role before the token, but after the signature", async () => {
    bench.standIn.revokeSessions();
    assert.equal((await ask(pinned("x"))).outcome, "400 invalid_role_arn");
    assert.equal((await bench.get(pinned("x"))).outcome, "401 signature verification failed");
    assert.equal((await ask(`${pinned(ROLE)}&role_arn=x`)).outcome, "400 invalid_role_arn");
  });

  it("refuses a token that expired, was revoked, or was changed", async () => {
    bench.standIn.revokeSessions("somebody@example.com");
    assert.equal((await ask()).outcome, "200");
    const [header, claims, signature = ""] = token.split(".");
    const changed = `${header}.${claims}.${signature.replace(/^./, (one) => (one === "A" ? "B" : "A"))}`;
    assert.equal((await ask(PATH, { token: changed })).outcome, "401 invalid_token");
    bench.standIn.revokeSessions(EMAIL);
    assert.equal((await ask()).outcome, "401 invalid_token");
    token = String((await bench.login({}, { counter: 2 })).json["access_token"]);
    bench.clock.advance(28_799_000);
    assert.equal((await ask()).outcome, "200");
    bench.clock.advance(1000);
    assert.equal((await ask()).outcome, "401 invalid_token");
  });

  it("refuses a bound token as Bearer", async () => {
    const { outcome, headers } = await ask(PATH, { scheme: "Bearer" });
    assert.equal(outcome, "401 invalid_token");
    assert.match(String(headers["www-authenticate"]), /^DPoP error="invalid_token",/);
  });

  it("takes an unbound token as Bearer without a proof, but not as DPoP", async () => {
    await bench.becomeClient({ dpop_bound_access_tokens: false });
    const assertion = bench.fido2Assertion(await bench.challenge(), { counter: 2 });
    const fields = { ...bench.clientFields(), grant_type: FIDO2_GRANT, assertion };
    token = String((await bench.postForm("/oauth/token", fields)).json["access_token"]);
    const outcomes = [
      (await ask(PATH, { scheme: "Bearer", proof: undefined })).outcome,
      (await ask(PATH, { proof: undefined })).outcome,
      (await ask()).outcome,
    ];
    assert.deepEqual(outcomes, ["200", "401 invalid_dpop_proof", "401 invalid_token"]);
  });

  it("refuses a bound token as a cookie: the signature layer finds no client", async () => {
    const { outcome } = await ask(PATH, {
      after: { Authorization: undefined, Cookie: `__Host-vouch_session=${token}` },
      signature: { components: ["@method", "@path"] },
    });
    assert.equal(outcome, "401 signature verification failed");
  });

  it("refuses a session that no key verified", async () => {
    token = await bench.deviceToken({ userId: bench.userId, hardwareVerified: false });
    assert.equal((await ask()).outcome, "403 hardware_required");
  });

  it("refuses a user who is deactivated, and knows none who is removed", async () => {
    bench.standIn.deactivateUser(bench.userId);
    assert.equal((await ask()).outcome, "401 unauthorized");
    bench.standIn.removeUser(bench.userId);
    assert.equal((await ask()).outcome, "404 user_not_found");
  });

  it("is not there on a server without an RSA key", async () => {
    bench.standIn.faults.noRsaKey = true;
    assert.equal((await ask()).outcome, "501 rsa_key_unavailable");
    const keys = (await bench.get("/oauth/jwks")).json["keys"] as JsonWebKey[];
    assert.deepEqual(
      keys.map(({ kty }) => kty),
      ["EC"],
    );
  });

  it("demands a fresh login when a step-up is due", async () => {
    bench.standIn.faults.stepUp = true;
    const { status, headers } = await ask();
    assert.equal(status, 401);
    assert.match(
      String(headers["www-authenticate"]),
      /^DPoP error="insufficient_user_authentication",.*max_age="300",acr_values="/,
    );
  });

  it("takes no body over 8 KiB", async () => {
    const answer = await bench.send({ method: "GET", path: PATH, body: "x".repeat(8193) });
    assert.equal(answer.status, 413);
  });
});
