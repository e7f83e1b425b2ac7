import assert from "node:assert/strict";
import { clockTime } from "../../../../token/text/time.ts";
import { GRANTS } from "../../../../token/vouch/register/registration-call.ts";
import { loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import { type VouchClientOptions, vouchClient } from "../../../../token/vouch/vouch-client.ts";
import type { Reply } from "../../net/scripted-server.ts";
import { RFC7515_KID } from "../rfc7515-key.ts";
import { openToken } from "../signed-token.ts";
import {
  formOf,
  registered,
  START,
  TOKEN,
  unsignedToken,
  type VouchScript,
  vouchScript,
} from "../vouch-script.ts";

const ROLE = "arn:aws:iam::111122223333:role/team/dev";
const AWS_TOKEN = "GET /v1/credentials/aws/token";
const STATUS = "GET /v1/auth/status";
const EXP = Math.floor(START / 1000) + 28_800;
const CLAIMS = {
  iss: "https://acme.vouch.example.test",
  aud: "https://acme.vouch.example.test",
  sub: "ada@example.com",
  exp: EXP,
  "https://aws.amazon.com/roles": [ROLE],
};
const GOOD: Reply = { status: 200, body: { id_token: unsignedToken(CLAIMS), expires_in: 28_800 } };
const BAD_SIGNATURE: Reply = { status: 401, body: "signature verification failed" };

describe("the ID token for AWS", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
  });
  afterEach(() => script.server.close());

  const ask = (replies: readonly Reply[], changes: Partial<VouchClientOptions> = {}) => {
    script.server.expect(...replies.map((reply) => ({ on: AWS_TOKEN, reply })));
    return script.client(changes).awsIdToken(script.session(), ROLE);
  };
  const proofOf = (index: number) => {
    const { dpop } = script.server.requests[index]?.headers ?? {};
    return openToken(String(dpop), { ...loadClientKey(script.keyStore)?.publicJwk }).claims;
  };
  const signedNonce = (index: number) =>
    /;nonce="([^"]+)"/.exec(String(script.server.requests[index]?.headers["signature-input"]))?.[1];

  it("is asked for with token, proof and signature, pinned to the role", async () => {
    const token = await ask([GOOD], { agent: "claude-code" });
    assert.deepEqual(token, {
      idToken: unsignedToken(CLAIMS),
      subject: "ada@example.com",
      expiresAt: Math.min(EXP * 1000, START + 28_800_000),
    });

    const { query, headers, body } = script.server.requests[0] ?? {};
    assert.equal(query, "?role_arn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fteam%2Fdev");
    assert.equal(body, "");
    assert.equal(headers?.authorization, "DPoP EXAMPLE.ACCESS.TOKEN");
    assert.equal(
      headers?.["signature-input"],
      `sig1=("@method" "@authority" "@path" "@query" "authorization" "dpop");alg="ecdsa-p256-sha256";created=${Math.floor(START / 1000)};keyid="${RFC7515_KID}"`,
    );
    const { jti, ...proven } = proofOf(0);
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.deepEqual(proven, {
      htm: "GET",
      htu: `${script.server.url}/v1/credentials/aws/token`,
      iat: Math.floor(START / 1000),
      ath: "m5jikpg7pGA4UnJQ9Akp0ZrOpHmCLuzOFOSgdXxtgmU",
      source: "claude-code",
    });
    assert.equal(headers?.["x-fapi-interaction-id"], undefined);
  });

  it("is accepted from a server that does not pin", async () => {
    const { "https://aws.amazon.com/roles": _none, ...claims } = CLAIMS;
    const { subject } = await ask([
      { status: 200, body: { id_token: unsignedToken(claims), expires_in: 60 } },
    ]);
    assert.equal(subject, "ada@example.com");
  });

  it("ends with the sooner of what the answer and the token say", async () => {
    const { expiresAt } = await ask([
      { status: 200, body: { id_token: unsignedToken(CLAIMS), expires_in: 60 } },
    ]);
    assert.equal(expiresAt, START + 60_000);
    const sooner = unsignedToken({ ...CLAIMS, exp: EXP - 28_700 });
    const next = await ask([{ status: 200, body: { id_token: sooner, expires_in: 28_800 } }]);
    assert.equal(next.expiresAt, (EXP - 28_700) * 1000);
  });

  const broken: Readonly<Record<string, object>> = {
    "without a readable token": { id_token: "opaque", expires_in: 60 },
    "without the lifetime of the token": { id_token: unsignedToken({ ...CLAIMS, exp: "soon" }) },
    "with a token that has already expired": {
      id_token: unsignedToken({ ...CLAIMS, exp: 1 }),
      expires_in: 60,
    },
    "with a token that is not for AWS": {
      id_token: unsignedToken({ ...CLAIMS, aud: ["sts.amazonaws.com"] }),
    },
    "with a token that does not identify a user": { id_token: unsignedToken({ ...CLAIMS, sub: "" }) },
    [`with a token pinned to a role other than ${ROLE}`]: {
      id_token: unsignedToken({ ...CLAIMS, "https://aws.amazon.com/roles": ["arn:aws:iam::1:role/x"] }),
    },
  };
  for (const [what, body] of Object.entries(broken)) {
    it(`is refused when it comes ${what}`, async () => {
      await assert.rejects(ask([{ status: 200, body }]), {
        code: "server-answer-invalid",
        message: `${script.host} responded to the request for an AWS ID token ${what}.`,
      });
    });
  }

  it("is asked for again after 429 and 5xx, each time with everything signed again", async () => {
    const busy = { status: 429, headers: { "retry-after": "3" } };
    await ask([busy, { status: 503 }, { status: 500, body: "internal error" }, GOOD]);
    assert.deepEqual(script.sleeps, [3_000, 1_000, 2_000]);
    assert.equal(new Set([0, 1, 2, 3].map((index) => proofOf(index)["jti"])).size, 4);
    assert.equal(new Set(script.server.requests.map(({ headers }) => headers["signature"])).size, 4);
    script.server.done();
  });

  it("is given up after three repetitions", async () => {
    await assert.rejects(ask([429, 429, 429, 429].map((status) => ({ status }))), { code: "rate-limited" });
    assert.deepEqual(script.sleeps, [2_000, 2_000, 2_000]);
    script.server.done();
  });

  it("is not asked for again when the server has no RSA key", async () => {
    await assert.rejects(ask([{ status: 501, body: { code: "rsa_key_unavailable", message: "no key" } }]), {
      code: "server-failed",
      hint: "Ask an administrator of the Vouch server to set VOUCH_OIDC_RSA_SIGNING_KEY.",
    });
    script.server.done();
  });

  it("carries no DPoP nonce until one is wanted, and then that one", async () => {
    const headers = { "dpop-nonce": "d-1" };
    const wanted = { status: 401, body: { code: "use_dpop_nonce", message: "nonce" }, headers };
    await ask([wanted, GOOD]);
    assert.deepEqual([proofOf(0)["nonce"], proofOf(1)["nonce"]], [undefined, "d-1"]);
    script.server.done();
  });

  it("is not asked for a third time when a nonce is wanted again", async () => {
    const wanted = {
      status: 401,
      body: { code: "use_dpop_nonce", message: "" },
      headers: { "dpop-nonce": "d-1" },
    };
    await assert.rejects(ask([wanted, wanted]), { code: "server-failed" });
    script.server.done();
  });

  it("carries each signature nonce in the next signature, once", async () => {
    const client = script.client();
    const answers = [{ ...GOOD, headers: { "signature-nonce": "s-1", "dpop-nonce": "d-1" } }, GOOD, GOOD];
    script.server.expect(...answers.map((reply) => ({ on: AWS_TOKEN, reply })));
    for (let call = 0; call < 3; call++) await client.awsIdToken(script.session(), ROLE);
    assert.deepEqual([0, 1, 2].map(signedNonce), [undefined, "s-1", undefined]);
    assert.deepEqual(
      [0, 1, 2].map((index) => proofOf(index)["nonce"]),
      [undefined, undefined, undefined],
    );
  });

  it("is asked for once more when its signature nonce is refused", async () => {
    await ask([{ ...BAD_SIGNATURE, headers: { "signature-nonce": "s-2" } }, GOOD]);
    assert.deepEqual([0, 1].map(signedNonce), [undefined, "s-2"]);
    script.server.done();
  });

  it("is not asked for again for a nonce that comes with another refusal", async () => {
    const over = {
      status: 401,
      body: { code: "invalid_token", message: "" },
      headers: { "signature-nonce": "s-1" },
    };
    await assert.rejects(ask([over]), { code: "session-refused" });
    script.server.done();
  });

  it("is not repeated when the signature is refused, and the session's state says why", async () => {
    const status = (authenticated: boolean) => ({
      on: STATUS,
      reply: { status: 200, body: { authenticated } },
    });
    script.server.expect({ on: AWS_TOKEN, reply: BAD_SIGNATURE }, status(false));
    await assert.rejects(script.client().awsIdToken(script.session(), ROLE), {
      code: "session-refused",
      message: `${script.host} reports that the session has ended or was revoked.`,
      hint: "Run `kubectl vouch login` and touch your security key.",
    });
    script.server.expect({ on: AWS_TOKEN, reply: BAD_SIGNATURE }, status(true));
    await assert.rejects(script.client().awsIdToken(script.session(), ROLE), { code: "client-refused" });
    script.server.done();
  });

  it("blames the clock for a refused signature before anything else", async () => {
    await assert.rejects(ask([BAD_SIGNATURE], { clock: () => START - 600_000 }), { code: "clock-skewed" });
    script.server.done();
  });

  it("is not asked for when the session is over by our clock", async () => {
    const session = script.session({ expiresAt: START });
    await assert.rejects(script.client().awsIdToken(session, ROLE), {
      code: "session-expired",
      message: `The session of ada@example.com at ${script.host} ended at ${clockTime(START, START)}.`,
    });
    assert.deepEqual(script.server.requests, []);
  });

  for (const [what, keyId] of [
    ["is gone", undefined],
    ["is another", "other"],
  ] as const) {
    it(`is not asked for when the key of the session ${what}`, async () => {
      const session = script.session(keyId === undefined ? {} : { keyId });
      if (keyId === undefined) script.keyStore.entries.clear();
      await assert.rejects(script.client().awsIdToken(session, ROLE), { code: "session-refused" });
      assert.deepEqual(script.server.requests, []);
    });
  }

  it("is never asked for at another server than the session's", async () => {
    const session = script.session({ server: "https://other.example.test" });
    await assert.rejects(script.client().awsIdToken(session, ROLE), { code: "internal" });
    assert.deepEqual(script.server.requests, []);
  });

  it("stops waiting when the user has had enough", async () => {
    const control = new AbortController();
    script.server.expect({ on: AWS_TOKEN, reply: { status: 429, headers: { "retry-after": "30" } } });
    const client = vouchClient({ ...script.options, signal: control.signal });
    const pending = client.awsIdToken(script.session(), ROLE);
    setTimeout(() => control.abort(), 100);
    await assert.rejects(pending, { code: "interrupted" });
  });
});

describe("the ID token for another audience", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
  });
  afterEach(() => script.server.close());

  const claims = { iss: "x", aud: "kubernetes", exp: Math.floor(START / 1000) + 600 };
  const answer = (changes: object = {}): Reply => ({
    status: 200,
    body: {
      access_token: unsignedToken(claims),
      issued_token_type: "urn:ietf:params:oauth:token-type:id_token",
      token_type: "N_A",
      expires_in: 600,
      ...changes,
    },
  });
  const ask = (replies: readonly Reply[], audience?: string) => {
    script.server.expect(...replies.map((reply) => ({ on: TOKEN, reply })));
    return script.client().exchangeIdToken(script.session(), audience);
  };

  it("is exchanged for the access token", async () => {
    const wanted = { status: 400, body: { error: "use_dpop_nonce" }, headers: { "dpop-nonce": "d-1" } };
    const token = await ask([wanted, answer()], "kubernetes");
    const expiresAt = Math.min(claims.exp * 1000, START + 600_000);
    assert.deepEqual(token, { idToken: unsignedToken(claims), expiresAt });

    const { client_assertion: signed = "", ...form } = formOf(script.server.requests[1]?.body);
    assert.deepEqual(form, {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "EXAMPLE.ACCESS.TOKEN",
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      requested_token_type: "urn:ietf:params:oauth:token-type:id_token",
      audience: "kubernetes",
      client_id: "client-1",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    assert.notEqual(signed, formOf(script.server.requests[0]?.body)["client_assertion"]);
    assert.equal(script.server.requests[0]?.headers.authorization, undefined);
    script.server.done();
  });

  it("leaves the audience to the server when none is named, whatever the token type is called", async () => {
    await ask([answer({ token_type: "Bearer" })]);
    assert.equal("audience" in formOf(script.server.requests[0]?.body), false);
  });

  it("is refused for another audience", async () => {
    await assert.rejects(ask([answer()], "other"), {
      code: "server-answer-invalid",
      message: `${script.host} responded to the request for an ID token with a token for an audience other than other.`,
    });
    const several = unsignedToken({ ...claims, aud: ["kubernetes", "other"] });
    assert.equal((await ask([answer({ access_token: several })], "other")).idToken, several);
  });

  it("brings an older registration up to date, and is asked for again", async () => {
    const management = { url: `${script.server.url}/oauth/register/client-1`, token: "CANARY" };
    const record = {
      clientId: "client-1",
      keyId: RFC7515_KID,
      grants: GRANTS,
      verifiedAt: START,
      management,
    };
    script.keyStore.write(`registration:${script.host}`, JSON.stringify(record));
    const unauthorized = { on: TOKEN, reply: { status: 400, body: { error: "unauthorized_client" } } };
    const put = { status: 200, body: registered("client-1", script, "CANARY-2") };
    script.server.expect(unauthorized, { on: "PUT /oauth/register/client-1", reply: put });
    assert.equal((await ask([answer()])).idToken, unsignedToken(claims));
    script.server.done();
  });

  it("leaves a registration alone that is not the session's", async () => {
    const management = { url: `${script.server.url}/oauth/register/client-2`, token: "CANARY" };
    const record = { clientId: "client-2", keyId: RFC7515_KID, grants: [], verifiedAt: START, management };
    script.keyStore.write(`registration:${script.host}`, JSON.stringify(record));
    await assert.rejects(ask([{ status: 400, body: { error: "unauthorized_client" } }]), {
      code: "client-refused",
    });
    script.server.done();
  });

  it("is not asked for again after 429", async () => {
    await assert.rejects(ask([{ status: 429 }]), { code: "rate-limited" });
    assert.deepEqual(script.sleeps, []);
  });
});
