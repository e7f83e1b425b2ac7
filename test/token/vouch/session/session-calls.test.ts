import assert from "node:assert/strict";
import { loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import { openToken } from "../signed-token.ts";
import { formOf, START, type VouchScript, vouchScript } from "../vouch-script.ts";

const STATUS = "GET /v1/auth/status";
const REVOKE = "POST /oauth/revoke";

describe("the session at the server", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
  });
  afterEach(() => script.server.close());

  const status = (body: object | string, changes = {}) => {
    script.server.expect({ on: STATUS, reply: { status: 200, body } });
    return script.client().status(script.session(changes));
  };

  it("is described, live or not", async () => {
    const live = {
      authenticated: true,
      email: "ada@example.com",
      expires_in_seconds: 77,
      device_name: "key",
    };
    assert.deepEqual(await status(live), {
      authenticated: true,
      email: "ada@example.com",
      expiresInSeconds: 77,
    });
    const dead = { authenticated: false, email: null, expires_in_seconds: null, device_name: null };
    assert.deepEqual(await status(dead), { authenticated: false });
  });

  it("is asked for by token, without a signature, even when it is over by our clock", async () => {
    await status({ authenticated: false }, { expiresAt: START - 1 });
    const { headers } = script.server.requests[0] ?? {};
    assert.equal(headers?.authorization, "DPoP EXAMPLE.ACCESS.TOKEN");
    assert.deepEqual([headers?.["signature"], headers?.["signature-input"]], [undefined, undefined]);
  });

  it("does not pass on an address that cannot be printed", async () => {
    assert.deepEqual(await status({ authenticated: true, email: "a\u001b[2J" }), { authenticated: true });
  });

  for (const body of ["<html>", {}, { authenticated: "yes" }]) {
    it(`is not described by ${JSON.stringify(body)}`, async () => {
      await assert.rejects(status(body), {
        code: "server-answer-invalid",
        message: `${script.host} responded to the request for the session status without its state.`,
      });
    });
  }

  it("is asked for again while the server is down", async () => {
    script.server.expect({ on: STATUS, reply: { status: 503 } });
    assert.deepEqual(await status({ authenticated: true }), { authenticated: true });
    assert.deepEqual(script.sleeps, [500]);
  });

  it("is revoked by token, proved by assertion alone", async () => {
    script.server.expect({ on: REVOKE, reply: { status: 200 } });
    await script.client().revoke(script.session({ expiresAt: START - 1 }));

    const { headers, body } = script.server.requests[0] ?? {};
    const { client_assertion: signed = "", ...form } = formOf(body);
    assert.deepEqual(form, {
      token: "EXAMPLE.ACCESS.TOKEN",
      client_id: "client-1",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    const { claims } = openToken(signed, { ...loadClientKey(script.keyStore)?.publicJwk });
    assert.equal(claims["aud"], script.server.url);
    assert.deepEqual(
      [headers?.["dpop"], headers?.["signature"], headers?.authorization],
      [undefined, undefined, undefined],
    );
  });

  it("is not revoked twice when that is refused", async () => {
    script.server.expect({ on: REVOKE, reply: { status: 401, body: { error: "invalid_client" } } });
    await assert.rejects(script.client().revoke(script.session()), { code: "client-refused" });
    script.server.done();
  });

  it("is neither asked for nor revoked without its key", async () => {
    script.keyStore.entries.clear();
    const session = script.session({ keyId: "gone" });
    const error = {
      code: "session-refused",
      message: /bound to a client key that is no longer in the key store/,
    };
    await assert.rejects(script.client().status(session), error);
    await assert.rejects(script.client().revoke(session), error);
    assert.deepEqual(script.server.requests, []);
  });

  it("reports a server that breaks off", async () => {
    script.server.expect({ on: REVOKE, reply: "drop" });
    await assert.rejects(script.client().revoke(script.session()), {
      code: "server-unreachable",
      message: `${script.host} closed the connection before it answered.`,
    });
  });
});
