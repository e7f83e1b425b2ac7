import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { addSignIn } from "../../lab/aws/signin/add-sign-in.ts";
import { addRole } from "../../lab/aws/world.ts";
import type { IamRole } from "../../lab/model.ts";
import { jwsSigningInput } from "../../lab/vouch/jws.ts";
import { type AwsLab, NOON, startAwsLab } from "./aws-lab.ts";
import { pkce, REDIRECT } from "./sign-in.ts";

const HOST = "us-east-1.signin.aws.amazon.com";
const CLIENT = "arn:aws:signin:::devtools/same-device";
const HOUR_MS = 3_600_000;

const key = newKey();
const otherKey = newKey();

describe("signin at the AWS stand-in", () => {
  let lab: AwsLab;
  let role: IamRole;
  beforeEach(async () => {
    lab = await startAwsLab();
    role = addRole(lab.world, { name: "Dev" });
  });
  afterEach(() => lab.close());

  async function post(fields: object, proof: string | undefined = proofOf({ iat: lab.clock() / 1000 })) {
    const headers = {
      host: HOST,
      "content-type": "application/json",
      ...(proof === "" ? {} : { dpop: proof }),
    };
    const request = { method: "POST", path: "/v1/token", headers, body: JSON.stringify(fields) };
    const answer = await lab.raw(request);
    return {
      status: answer.status,
      code: answer.headers["x-amzn-errortype"],
      body: JSON.parse(answer.body) as Readonly<Record<string, unknown>>,
    };
  }
  const INVALID = {
    status: 400,
    code: "ValidationException",
    body: {
      error: "INVALID_REQUEST",
      message: "The provided authorization grant is invalid, expired, revoked, or malformed",
    },
  };
  const denied = (status: number, error: string, message: string) => ({
    status,
    code: "AccessDeniedException",
    body: { error, message },
  });

  function lend(): { readonly code: string; readonly codeVerifier: string } {
    const { verifier, challenge } = pkce();
    const now = new Date(lab.clock());
    const asked = { role, sessionName: "ada", clientId: CLIENT, redirectUri: REDIRECT, challenge, now };
    return { code: addSignIn(lab.world, asked), codeVerifier: verifier };
  }
  const exchange = (fields: object, proof?: string) =>
    post({ clientId: CLIENT, grantType: "authorization_code", redirectUri: REDIRECT, ...fields }, proof);
  const refresh = (refreshToken: unknown, proof?: string) =>
    post({ clientId: CLIENT, grantType: "refresh_token", refreshToken }, proof);

  it("replaces the refresh token, for twelve hours", async () => {
    const first = (await exchange(lend())).body["refreshToken"];
    const { status, body } = await refresh(first);
    assert.equal(status, 200);
    assert.notEqual(body["refreshToken"], first);
    assert.deepEqual(await refresh(first), INVALID);
    lab.clock.advance(12 * HOUR_MS - 60_000);
    const last = await refresh(body["refreshToken"]);
    assert.equal(last.body["expiresIn"], 60);
    lab.clock.advance(60_000);
    const expired = denied(401, "TOKEN_EXPIRED", "The refresh token has expired.");
    assert.deepEqual(await refresh(last.body["refreshToken"]), expired);
  });

  it("binds the refresh token to the key that exchanged the code", async () => {
    const { refreshToken } = (await exchange(lend())).body;
    const proof = proofOf({ iat: NOON / 1000 }, { keys: otherKey });
    assert.deepEqual(await refresh(refreshToken, proof), INVALID);
    assert.equal((await refresh(refreshToken)).status, 200);
  });

  it("wants a fresh proof of a key, made for this request", async () => {
    const { refreshToken } = (await exchange(lend())).body;
    const iat = NOON / 1000;
    const proofs = {
      none: "",
      "no JWT": "canary",
      "another address": proofOf({ iat, htu: `https://${HOST}/v1/other` }),
      "another method": proofOf({ iat, htm: "GET" }),
      "no id": proofOf({ iat, jti: undefined }),
      "an old one": proofOf({ iat: iat - 301 }),
      "one of tomorrow": proofOf({ iat: iat + 301 }),
      "another type": proofOf({ iat }, { header: { typ: "JWT" } }),
      "another algorithm": proofOf({ iat }, { header: { alg: "none" } }),
      "another key's": proofOf({ iat }, { signer: otherKey.privateKey }),
      "a private key": proofOf({ iat }, { header: { jwk: key.privateKey.export({ format: "jwk" }) } }),
    };
    const expected = {
      ...INVALID,
      body: { ...INVALID.body, message: "The DPoP proof is missing or invalid" },
    };
    for (const [what, proof] of Object.entries(proofs))
      assert.deepEqual(await refresh(refreshToken, proof), expected, what);
    assert.equal((await refresh(refreshToken)).status, 200);
  });

  it("wants the code's verifier, address and client, in time", async () => {
    assert.deepEqual(await exchange({ ...lend(), codeVerifier: pkce().verifier }), INVALID);
    assert.deepEqual(await exchange({ ...lend(), redirectUri: `${REDIRECT}/other` }), INVALID);
    const other = "arn:aws:signin:::devtools/cross-device";
    assert.deepEqual(await exchange({ ...lend(), clientId: other }), INVALID);
    assert.deepEqual(await exchange({ ...lend(), clientId: "canary" }), INVALID);
    assert.deepEqual(await exchange({ ...lend(), grantType: "password" }), INVALID);
    assert.deepEqual(await refresh(lend().code), INVALID);
    const late = lend();
    lab.clock.advance(600_000);
    const expired = denied(401, "AUTHCODE_EXPIRED", "The authorization code has expired.");
    assert.deepEqual(await exchange(late), expired);
  });

  it("refuses when the person's password or rights have changed", async () => {
    const { refreshToken } = (await exchange(lend())).body;
    const session = lab.world.signInSessions.get(String(refreshToken)) ?? assert.fail();
    session.refusal = "USER_CREDENTIALS_CHANGED";
    const changed = denied(403, "USER_CREDENTIALS_CHANGED", "The user credentials have changed.");
    assert.deepEqual(await refresh(refreshToken), changed);
    session.refusal = "INSUFFICIENT_PERMISSIONS";
    assert.equal((await refresh(refreshToken)).body["error"], "INSUFFICIENT_PERMISSIONS");
  });
});

function newKey(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** Source: RFC 9449, 4.2. Undefined takes a claim away. */
function proofOf(
  claims: Readonly<Record<string, unknown>>,
  {
    keys = key,
    signer = keys.privateKey,
    header = {},
  }: { keys?: typeof key; signer?: KeyObject; header?: object } = {},
): string {
  const usual = { jti: randomUUID(), htm: "POST", htu: `https://${HOST}/v1/token` };
  const jwk = keys.publicKey.export({ format: "jwk" });
  const input = jwsSigningInput({ alg: "ES256", typ: "dpop+jwt", jwk, ...header }, { ...usual, ...claims });
  const signature = sign("sha256", Buffer.from(input), { key: signer, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}
