import assert from "node:assert/strict";
import type { JsonWebKey } from "node:crypto";
import { EMAIL, type SignedChanges, suiteBench } from "../bench.ts";
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

  it("is not pinned when no role is asked for, or when the server ignores it", async () => {
    assert.equal("https://aws.amazon.com/roles" in (await claims()), false);
    bench.standIn.faults.ignoreRoleArn = true;
    assert.equal("https://aws.amazon.com/roles" in (await claims(pinned(ROLE))), false);
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
});
