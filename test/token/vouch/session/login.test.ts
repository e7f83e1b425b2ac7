import assert from "node:assert/strict";
import { GRANTS } from "../../../../token/vouch/register/registration-call.ts";
import type { PendingLogin } from "../../../../token/vouch/session/login.ts";
import { loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import type { VouchClientOptions } from "../../../../token/vouch/vouch-client.ts";
import type { Reply } from "../../net/scripted-server.ts";
import { RFC7515_KID } from "../rfc7515-key.ts";
import { openToken } from "../signed-token.ts";
import {
  ASK_CHALLENGE,
  CHALLENGE,
  DISCOVERY,
  discovery,
  formOf,
  REGISTER,
  registered,
  START,
  TOKEN,
  unsignedToken,
  type VouchScript,
  vouchScript,
} from "../vouch-script.ts";

const ASSERTION = {
  credentialId: Uint8Array.of(1, 2, 3),
  authenticatorData: new Uint8Array(37).fill(0xfb),
  signature: new Uint8Array(70).fill(0xff),
  clientDataJson: Buffer.from('{"type":"webauthn.get"}'),
  userHandle: Uint8Array.from({ length: 16 }, (_, index) => index),
};
const USER_ID = "00010203-0405-0607-0809-0a0b0c0d0e0f";

describe("kubectl vouch login at the server", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
    keepRegistration();
  });
  afterEach(() => script.server.close());

  const keepRegistration = (clientId = "client-1") => {
    const management = { url: `${script.server.url}/oauth/register/${clientId}`, token: "CANARY" };
    const record = { clientId, keyId: RFC7515_KID, grants: GRANTS, verifiedAt: START, management };
    script.keyStore.entries.set(`registration:${script.host}`, JSON.stringify(record));
  };
  const requestOf = (index: number) => {
    const request = script.server.requests[index];
    assert.ok(request, `request ${index}`);
    const jwk = { ...loadClientKey(script.keyStore)?.publicJwk };
    const form = formOf(request.body);
    const { dpop } = request.headers;
    return {
      ...request,
      form,
      assertion:
        form["client_assertion"] === undefined ? undefined : openToken(form["client_assertion"], jwk),
      proof: typeof dpop === "string" ? openToken(dpop, jwk) : undefined,
    };
  };

  describe("asking for a challenge", () => {
    const begin = (reply: Reply, changes: Partial<VouchClientOptions> = {}) => {
      script.server.expect({ on: ASK_CHALLENGE, reply });
      return script.client(changes).beginLogin();
    };

    it("sends the authenticated form", async () => {
      const login = await begin({ status: 200, body: CHALLENGE }, { agent: "claude-code" });
      const { challenge, rp_id: rpId, state } = CHALLENGE;
      assert.deepEqual(login, { challenge, rpId, state, clientId: "client-1" });

      const { headers, form, assertion, proof } = requestOf(0);
      assert.deepEqual(Object.keys(form).sort(), ["client_assertion", "client_assertion_type"]);
      const { jti: assertionId, ...claims } = assertion?.claims ?? {};
      const iat = Math.floor(START / 1000);
      assert.deepEqual(claims, {
        iss: "client-1",
        sub: "client-1",
        aud: script.server.url,
        iat,
        exp: iat + 60,
      });
      const { jti: proofId, ...proven } = proof?.claims ?? {};
      const htu = `${script.server.url}/oauth/fido2/challenge`;
      assert.deepEqual(proven, { htm: "POST", htu, iat, source: "claude-code" });

      const interaction = headers["x-fapi-interaction-id"];
      const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
      for (const id of [assertionId, proofId, interaction]) assert.match(String(id), uuid);
      assert.equal(new Set([assertionId, proofId, interaction]).size, 3);
      assert.equal(headers["x-fapi-end-user-present"], "true");
      assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
      assert.deepEqual([headers.authorization, headers["signature"]], [undefined, undefined]);
    });

    it("says when nobody is at the terminal", async () => {
      await begin({ status: 200, body: CHALLENGE }, { interactive: false });
      assert.equal(requestOf(0).headers["x-fapi-end-user-present"], "false");
    });

    for (const [status, body] of [
      [400, { error: "invalid_request" }],
      [415, "unsupported media type"],
      [422, "cannot read the body"],
    ] as const) {
      it(`falls back to bare JSON after ${status}, once (era A)`, async () => {
        script.server.expect({ on: ASK_CHALLENGE, reply: { status, body } });
        await begin({ status: 200, body: CHALLENGE });
        const { body: sent, headers, proof } = requestOf(1);
        assert.deepEqual([sent, headers["content-type"]], ["{}", "application/json"]);
        assert.notEqual(proof?.claims["jti"], requestOf(0).proof?.claims["jti"]);
        script.server.done();
      });
    }

    it("reports the first refusal when bare JSON is refused too", async () => {
      script.server.expect({ on: ASK_CHALLENGE, reply: { status: 400, body: { error: "invalid_request" } } });
      await assert.rejects(begin({ status: 404 }), { code: "internal", message: /HTTP 400 invalid_request/ });
      script.server.done();
    });

    for (const error of ["invalid_dpop_proof", "use_dpop_nonce"]) {
      it(`does not fall back after ${error}`, async () => {
        await assert.rejects(begin({ status: 400, body: { error } }), { message: new RegExp(error) });
        script.server.done();
      });
    }

    for (const [status, code] of [
      [429, "rate-limited"],
      [503, "server-failed"],
      [307, "server-answer-invalid"],
    ] as const) {
      it(`does not repeat after ${status}`, async () => {
        await assert.rejects(begin({ status, headers: { location: "/elsewhere" } }), { code });
        assert.deepEqual(script.sleeps, []);
        script.server.done();
      });
    }

    const broken: Readonly<Record<string, string | object>> = {
      "without a challenge, an rp_id and a state": "<html>",
      "with a challenge that is not base64url": { ...CHALLENGE, challenge: "not base64url" },
      "with an rp_id that is not a host name": { ...CHALLENGE, rp_id: "https://localhost\u001b[2J" },
    };
    for (const [what, body] of Object.entries(broken)) {
      it(`refuses an answer ${what}`, async () => {
        await assert.rejects(begin({ status: 200, body }), {
          code: "server-answer-invalid",
          message: `${script.host} responded to the login challenge ${what}.`,
        });
      });
    }
  });

  describe("redeeming the key's answer", () => {
    const claims = { sub: USER_ID, email: "claim@example.com", cnf: { jkt: RFC7515_KID } };
    const ANSWER = {
      access_token: unsignedToken(claims),
      token_type: "DPoP",
      expires_in: 28_800,
      scope: "openid email",
      email: "ada@example.com",
      id_token: null,
    };
    const redeem = async (...replies: Reply[]) => {
      const headers = { "dpop-nonce": "nonce-0" };
      script.server.expect({ on: ASK_CHALLENGE, reply: { status: 200, body: CHALLENGE, headers } });
      script.server.expect(...replies.map((reply) => ({ on: TOKEN, reply })));
      const client = script.client();
      return client.finishLogin(await client.beginLogin(), ASSERTION);
    };

    it("sends the form of the assertion grant, and gives the session", async () => {
      const session = await redeem({ status: 200, body: ANSWER });
      assert.deepEqual(session, {
        server: script.server.url,
        identity: "ada@example.com",
        subject: USER_ID,
        accessToken: ANSWER.access_token,
        clientId: "client-1",
        keyId: RFC7515_KID,
        issuedAt: START,
        expiresAt: START + 28_770_000,
      });

      const { form, headers, assertion, proof } = requestOf(1);
      const { assertion: sent = "", client_assertion: _signed, ...rest } = form;
      assert.deepEqual(rest, {
        grant_type: "urn:ietf:params:oauth:grant-type:fido2-assertion",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        scope: "openid email",
      });
      assert.deepEqual(JSON.parse(Buffer.from(sent, "base64url").toString()), {
        state: CHALLENGE.state,
        credential_id: "AQID",
        authenticator_data: Buffer.alloc(37, 0xfb).toString("base64url"),
        signature: Buffer.alloc(70, 0xff).toString("base64url"),
        client_data_json: "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
        user_handle: "AAECAwQFBgcICQoLDA0ODw",
      });
      const { htm, htu, nonce, ath } = proof?.claims ?? {};
      assert.deepEqual(
        { htm, htu, nonce, ath },
        { htm: "POST", htu: `${script.server.url}/oauth/token`, nonce: "nonce-0", ath: undefined },
      );
      assert.equal(assertion?.claims["aud"], script.server.url);
      assert.equal(headers["x-fapi-end-user-present"], "true");
      assert.notEqual(headers["x-fapi-interaction-id"], requestOf(0).headers["x-fapi-interaction-id"]);
    });

    it("repeats once with the nonce the server wants, with everything signed again", async () => {
      const wanted = { status: 400, body: { error: "use_dpop_nonce" }, headers: { "dpop-nonce": "nonce-1" } };
      await redeem(wanted, { status: 200, body: ANSWER });

      const [first, second] = [requestOf(1), requestOf(2)];
      assert.deepEqual(
        [first, second].map(({ proof }) => proof?.claims["nonce"]),
        ["nonce-0", "nonce-1"],
      );
      assert.equal(first.form["assertion"], second.form["assertion"]);
      const ids = [first, second].flatMap(({ proof, assertion }) => [
        proof?.claims["jti"],
        assertion?.claims["jti"],
      ]);
      assert.equal(new Set(ids).size, 4);
      script.server.done();
    });

    it("does not repeat a second time", async () => {
      const wanted = { status: 400, body: { error: "use_dpop_nonce" }, headers: { "dpop-nonce": "nonce-1" } };
      await assert.rejects(redeem(wanted, wanted), {
        code: "server-failed",
        message: `${script.host} rejected the login (HTTP 400 use_dpop_nonce): it requested a nonce again, right after receiving one.`,
      });
      script.server.done();
    });

    it("does not repeat without a nonce to repeat it with", async () => {
      await assert.rejects(redeem({ status: 400, body: { error: "use_dpop_nonce" } }), {
        code: "server-failed",
      });
      script.server.done();
    });

    const lasting: readonly [body: object, ms: number][] = [
      [{ expires_in: 3600 }, 3_570_000],
      [{ expires_in: 10 }, 0],
      [{ expires_at: new Date(START + 5_000).toISOString(), expires_in: 3600 }, 5_000],
      [{ expires_at: "soon", expires_in: 3600 }, 3_570_000],
    ];
    for (const [body, ms] of lasting) {
      it(`counts ${Object.keys(body).join(" and ")} as ${ms} ms`, async () => {
        const { expiresAt } = await redeem({ status: 200, body: { ...ANSWER, ...body } });
        assert.equal(expiresAt, START + ms);
      });
    }

    it("takes the e-mail address from the token when the answer has none", async () => {
      const { email: _none, ...body } = ANSWER;
      assert.equal((await redeem({ status: 200, body })).identity, "claim@example.com");
    });

    it("takes the user from the key's answer when the token cannot be read", async () => {
      const session = await redeem({ status: 200, body: { ...ANSWER, access_token: "opaque" } });
      assert.equal(session.subject, USER_ID);
    });

    const { access_token: _token, ...tokenless } = ANSWER;
    const { expires_in: _seconds, ...endless } = ANSWER;
    const broken: Readonly<Record<string, object>> = {
      "without an access token": tokenless,
      "without the lifetime of the session": endless,
      "with a token that is not bound to this machine's key": { ...ANSWER, token_type: "Bearer" },
      "with a token bound to a different key": {
        ...ANSWER,
        access_token: unsignedToken({ cnf: { jkt: "other" } }),
      },
      "without an e-mail address": { ...ANSWER, email: "ada\u001b[2J@example.com" },
    };
    for (const [what, body] of Object.entries(broken)) {
      it(`refuses an answer ${what}`, async () => {
        await assert.rejects(redeem({ status: 200, body }), {
          code: "server-answer-invalid",
          message: `${script.host} responded to the login ${what}.`,
        });
      });
    }

    for (const [status, error, code] of [
      [400, "invalid_grant", "login-refused"],
      [403, "access_denied", "permission-denied"],
      [429, undefined, "rate-limited"],
      [500, "server_error", "server-failed"],
    ] as const) {
      it(`does not repeat after ${status} ${error ?? ""}`, async () => {
        await assert.rejects(redeem({ status, body: { error } }), { code });
        assert.deepEqual(script.sleeps, []);
        script.server.done();
      });
    }

    it("registers again when the server does not know the client, and asks for another login", async () => {
      script.server.expect({ on: ASK_CHALLENGE, reply: { status: 200, body: CHALLENGE } });
      const client = script.client();
      const login = await client.beginLogin();
      script.server.expect(
        { on: TOKEN, reply: { status: 401, body: { error: "invalid_client" } } },
        discovery(script.server.url),
        { on: REGISTER, reply: { status: 201, body: registered("client-2", script) } },
        { on: "DELETE /oauth/register/client-1", reply: { status: 401 } },
      );
      await assert.rejects(client.finishLogin(login, ASSERTION), {
        code: "client-refused",
        message: `${script.host} did not accept this machine's registration (invalid_client). The machine has been registered again, but your touch was used for the old registration.`,
        hint: "Run `kubectl vouch login` once more and touch your security key.",
      });
      script.server.expect({ on: ASK_CHALLENGE, reply: { status: 200, body: CHALLENGE } });
      assert.equal((await client.beginLogin()).clientId, "client-2");
      script.server.done();
    });

    it("fixes the grants when those are too few, and asks for another login", async () => {
      const put = { status: 200, body: registered("client-1", script, "CANARY-2") };
      const unauthorized = { status: 400, body: { error: "unauthorized_client" } };
      const login: PendingLogin = { challenge: "x", rpId: "localhost", state: "s", clientId: "client-1" };
      script.server.expect({ on: TOKEN, reply: unauthorized }, discovery(script.server.url), {
        on: "PUT /oauth/register/client-1",
        reply: put,
      });
      await assert.rejects(script.client().finishLogin(login, ASSERTION), { code: "client-refused" });
      script.server.done();
    });

    it("leaves the registration alone when clock or address is why", async () => {
      const login: PendingLogin = { challenge: "x", rpId: "localhost", state: "s", clientId: "client-1" };
      const refused = { on: TOKEN, reply: { status: 401, body: { error: "invalid_client" } } };
      script.server.expect(refused);
      const ahead = script.client({ clock: () => START + 60_000 });
      await assert.rejects(ahead.finishLogin(login, ASSERTION), { code: "clock-skewed" });
      script.server.expect(refused, discovery("https://us.vouch.example.test"));
      await assert.rejects(script.client().finishLogin(login, ASSERTION), { code: "server-url-invalid" });
      script.server.done();
    });

    it("redeems with the client that got the challenge, and keeps the newer registration of another login", async () => {
      const login: PendingLogin = { challenge: "x", rpId: "localhost", state: "s", clientId: "client-0" };
      script.server.expect(
        { on: TOKEN, reply: { status: 401, body: { error: "invalid_client" } } },
        { on: DISCOVERY, reply: "drop" },
      );
      await assert.rejects(script.client().finishLogin(login, ASSERTION), { code: "client-refused" });
      assert.equal(requestOf(0).assertion?.claims["iss"], "client-0");
      const kept = JSON.parse(script.keyStore.entries.get(`registration:${script.host}`) ?? "");
      assert.equal(kept.clientId, "client-1");
      script.server.done();
    });
  });
});
