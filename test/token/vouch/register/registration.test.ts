import assert from "node:assert/strict";
import {
  GRANTS,
  loadRegistration,
  type RegistrationRecord,
  registrationStep,
  saveRegistration,
} from "../../../../token/vouch/register/registration-call.ts";
import { serverUrl } from "../../../../token/vouch/server-url.ts";
import { loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import { vouchClient } from "../../../../token/vouch/vouch-client.ts";
import { NOON } from "../../net/http-answer.ts";
import type { Step } from "../../net/scripted-server.ts";
import { memoryKeyStore } from "../memory-key-store.ts";
import { RFC7515_KID } from "../rfc7515-key.ts";
import {
  ASK_CHALLENGE,
  CHALLENGE,
  discovery,
  REGISTER,
  registered,
  START,
  type VouchScript,
  vouchScript,
} from "../vouch-script.ts";

const DAY_MS = 86_400_000;

describe("the registration of this machine", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
  });
  afterEach(() => script.server.close());

  const entry = () => `registration:${script.host}`;
  const stored = () => JSON.parse(script.keyStore.entries.get(entry()) ?? "null");
  const record = (changes: object = {}) => ({
    clientId: "client-1",
    keyId: RFC7515_KID,
    grants: GRANTS,
    verifiedAt: START,
    management: { url: `${script.server.url}/oauth/register/client-1`, token: "CANARY-client-1" },
    ...changes,
  });
  const keep = (value: object) => script.keyStore.entries.set(entry(), JSON.stringify(value));
  const registers = (id: string, body: object = registered(id, script)) => ({
    on: REGISTER,
    reply: { status: 201, body },
  });
  const registersBare = (id: string) => registers(id, { client_id: id });
  const isAsked = (reply: Step["reply"]) => ({ on: "GET /oauth/register/client-1", reply });
  const isTakenBack = (status: number) => ({ on: "DELETE /oauth/register/client-1", reply: { status } });
  const challenge = { on: ASK_CHALLENGE, reply: { status: 200, body: CHALLENGE } };
  const lines = () => script.server.requests.map(({ line }) => line);
  const login = async () => (await script.client().beginLogin()).clientId;

  it("is made for each grant this client uses, and kept", async () => {
    script.server.expect(registers("client-1"), challenge);
    assert.equal(await login(), "client-1");

    const [request] = script.server.requests;
    assert.deepEqual(JSON.parse(request?.body ?? ""), {
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: [
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:fido2-assertion",
        "urn:ietf:params:oauth:grant-type:token-exchange",
      ],
      response_types: [],
      dpop_bound_access_tokens: true,
      jwks: { keys: [loadClientKey(script.keyStore)?.publicJwk] },
      client_name: "kubectl-vouch/lab-1",
      software_id: "kubectl-vouch",
      software_version: "1.2.3",
    });
    const {
      authorization,
      dpop,
      signature,
      "content-type": type,
      "user-agent": agent,
    } = request?.headers ?? {};
    assert.deepEqual([authorization, dpop, signature], [undefined, undefined, undefined]);
    assert.deepEqual([type, agent], ["application/json", "kubectl-vouch/1.2.3"]);
    assert.deepEqual(stored(), record());
    script.server.done();
  });

  it("needs nothing but the client id", async () => {
    script.server.expect(registersBare("client-1"), challenge);
    await login();
    const { management: _none, ...rest } = record();
    assert.deepEqual(stored(), rest);
  });

  it("does not keep a management address that is not the server's own", async () => {
    const body = {
      ...registered("client-1", script),
      registration_client_uri: "https://evil.example.test/r/1",
    };
    script.server.expect({ on: REGISTER, reply: { status: 201, body } }, challenge);
    await login();
    const { management: _none, ...rest } = record();
    assert.deepEqual(stored(), rest);
  });

  for (const [what, reply] of [
    ["is not JSON", { status: 201, body: "<html>" }],
    ["names no client", { status: 201, body: {} }],
  ] as const) {
    it(`is an error when the answer ${what}`, async () => {
      script.server.expect({ on: REGISTER, reply });
      await assert.rejects(login(), {
        code: "server-answer-invalid",
        message: `${script.host} responded to the registration of this machine without a client_id.`,
      });
      assert.equal(stored(), null);
    });
  }

  it("is not repeated when it is refused", async () => {
    script.server.expect({ on: REGISTER, reply: { status: 429, headers: { "retry-after": "9" } } });
    await assert.rejects(login(), { code: "rate-limited", hint: "Wait 9 s and try again." });
    assert.deepEqual(script.sleeps, []);
    script.server.done();
  });

  it("is used without a question for a day", async () => {
    keep(record({ verifiedAt: START - DAY_MS + 1 }));
    script.server.expect(challenge);
    assert.equal(await login(), "client-1");
    script.server.done();
  });

  it("is asked for after a day, and its date renewed", async () => {
    keep(record({ verifiedAt: START - DAY_MS }));
    script.server.expect(isAsked({ status: 200, body: {} }), challenge);
    assert.equal(await login(), "client-1");
    assert.equal(script.server.requests[0]?.headers.authorization, "Bearer CANARY-client-1");
    assert.deepEqual(stored(), record());
    script.server.done();
  });

  for (const status of [401, 403, 404, 410]) {
    it(`is made again when the server answers ${status}, and the old one is taken back`, async () => {
      keep(record({ verifiedAt: 0 }));
      script.server.expect(isAsked({ status }), registers("client-2"), isTakenBack(401), challenge);
      assert.equal(await login(), "client-2");
      assert.equal(stored().clientId, "client-2");
      script.server.done();
    });
  }

  for (const status of [429, 500, 503]) {
    it(`is used when the server answers ${status}`, async () => {
      keep(record({ verifiedAt: 0 }));
      script.server.expect(isAsked({ status }), challenge);
      assert.equal(await login(), "client-1");
      assert.equal(stored().verifiedAt, 0);
      script.server.done();
    });
  }

  it("is used when the question for it gets no answer", async () => {
    keep(record({ verifiedAt: 0 }));
    script.server.expect(isAsked("drop"), challenge);
    assert.equal(await login(), "client-1");
  });

  it("is neither trusted nor made again when the user interrupts the question for it", async () => {
    keep(record({ verifiedAt: 0 }));
    const control = new AbortController();
    const interrupt = () => {
      control.abort();
      return "silence" as const;
    };
    script.server.expect(isAsked(interrupt));
    await assert.rejects(script.client({ signal: control.signal }).beginLogin(), { code: "interrupted" });
    assert.deepEqual(lines(), ["GET /oauth/register/client-1"]);
    assert.deepEqual(stored(), record({ verifiedAt: 0 }));
  });

  it("is made again for another key, and the old one is deleted with its token", async () => {
    keep(record({ keyId: "another" }));
    script.server.expect(registers("client-2"), isTakenBack(204), challenge);
    assert.equal(await login(), "client-2");
    assert.equal(script.server.requests[1]?.headers.authorization, "Bearer CANARY-client-1");
    script.server.done();
  });

  it("never sends its token to another host", async () => {
    const url = `${script.server.url.replace("localhost", "127.0.0.1")}/oauth/register/client-1`;
    keep(record({ management: { url, token: "CANARY" } }));
    script.server.expect(registers("client-2"), challenge);
    assert.equal(await login(), "client-2");
    script.server.done();
  });

  it("gets the grants it lacks by PUT, and keeps the new token", async () => {
    keep(record({ grants: GRANTS.slice(0, 1) }));
    script.server.expect(
      {
        on: "PUT /oauth/register/client-1",
        reply: { status: 200, body: registered("client-1", script, "CANARY-rotated") },
      },
      challenge,
    );
    assert.equal(await login(), "client-1");
    const sent = JSON.parse(script.server.requests[0]?.body ?? "");
    assert.deepEqual([sent.client_id, sent.grant_types, sent.response_types], ["client-1", GRANTS, []]);
    assert.equal(stored().management.token, "CANARY-rotated");
    assert.deepEqual(stored().grants, GRANTS);
    script.server.done();
  });

  it("is made again when the PUT is refused", async () => {
    keep(record({ grants: [] }));
    script.server.expect(
      { on: "PUT /oauth/register/client-1", reply: { status: 401, body: { error: "invalid_token" } } },
      registers("client-2"),
      isTakenBack(401),
      challenge,
    );
    assert.equal(await login(), "client-2");
    script.server.done();
  });

  for (const [status, code] of [
    [429, "rate-limited"],
    [503, "server-failed"],
  ] as const) {
    it(`is left alone when the PUT is answered with ${status}`, async () => {
      keep(record({ grants: [] }));
      script.server.expect({ on: "PUT /oauth/register/client-1", reply: { status } });
      await assert.rejects(login(), { code });
      assert.deepEqual(stored(), record({ grants: [] }));
      script.server.done();
    });
  }

  describe("that the challenge shows to be unknown", () => {
    const refused = { on: ASK_CHALLENGE, reply: { status: 401, body: { error: "invalid_client" } } };

    it("is made again, once, before any touch", async () => {
      keep(record());
      script.server.expect(
        refused,
        discovery(script.server.url),
        registers("client-2"),
        isTakenBack(401),
        challenge,
      );
      assert.equal(await login(), "client-2");
      script.server.done();
    });

    it("is not made again a second time", async () => {
      keep(record());
      script.server.expect(
        refused,
        discovery(script.server.url),
        registersBare("client-2"),
        isTakenBack(204),
        refused,
        discovery(script.server.url),
      );
      await assert.rejects(login(), { code: "client-refused" });
      script.server.done();
    });

    it("is not made again when it was new", async () => {
      script.server.expect(registersBare("client-1"), refused, {
        on: "GET /.well-known/openid-configuration",
        reply: { status: 404 },
      });
      await assert.rejects(login(), { code: "client-refused" });
      script.server.done();
    });

    it("is left alone when the clock is why", async () => {
      keep(record({ verifiedAt: START + 600_000 }));
      script.server.expect(refused);
      const late = script.client({ clock: () => START + 600_000 }).beginLogin();
      await assert.rejects(late, {
        code: "clock-skewed",
        message:
          /^This machine's clock is about \d+ s ahead of that of localhost:\d+, so the server rejected the login challenge\.$/,
      });
      assert.deepEqual(lines(), [ASK_CHALLENGE]);
    });

    it("is left alone when the address is why", async () => {
      keep(record());
      script.server.expect(refused, discovery("https://us.vouch.example.test/"));
      await assert.rejects(login(), {
        code: "server-url-invalid",
        message: `${script.host} identifies itself as https://us.vouch.example.test and accepts only clients that log in at that address.`,
        hint: "If you recognize that address: `kubectl vouch login --server https://us.vouch.example.test`.",
      });
      assert.deepEqual(stored(), record());
      script.server.done();
    });

    for (const issuer of ["javascript:alert(1)", "$(reboot)", "https://x`reboot`", ""]) {
      it(`takes no notice of the issuer ${JSON.stringify(issuer)}`, async () => {
        script.server.expect(registersBare("client-1"), refused, discovery(issuer));
        await assert.rejects(login(), { code: "client-refused" });
      });
    }
  });

  for (const status of [400, 401]) {
    it(`gets its grants fixed when the challenge says unauthorized_client with ${status}`, async () => {
      keep(record());
      script.server.expect(
        { on: ASK_CHALLENGE, reply: { status, body: { error: "unauthorized_client" } } },
        discovery(script.server.url),
        {
          on: "PUT /oauth/register/client-1",
          reply: { status: 200, body: registered("client-1", script, "CANARY-2") },
        },
        challenge,
      );
      assert.equal(await login(), "client-1");
      assert.equal(stored().management.token, "CANARY-2");
      script.server.done();
    });
  }

  it("is one for each server, and the key one for all", async () => {
    const other = await vouchScript();
    for (const { server } of [script, other]) {
      server.expect(registersBare("client-1"), challenge);
    }
    await login();
    await vouchClient({
      server: serverUrl(other.server.url),
      keyStore: script.keyStore,
      clock: () => START,
      env: {},
      caBundle: other.server.caFile,
      version: "1.2.3",
      hostname: "lab-1",
      interactive: false,
    }).beginLogin();

    const keys = [script, other].map(
      ({ server }) => JSON.parse(server.requests[0]?.body ?? "").jwks.keys[0].kid,
    );
    await other.server.close();
    assert.deepEqual(keys, [RFC7515_KID, RFC7515_KID]);
    assert.deepEqual(
      [...script.keyStore.entries.keys()],
      ["client-key", `registration:${script.host}`, `registration:${other.host}`],
    );
  });
});

const SERVER = serverUrl("https://vouch.example.test");
const RECORD: RegistrationRecord = {
  clientId: "client-1",
  keyId: "kid-1",
  grants: GRANTS,
  verifiedAt: NOON,
  management: { url: "https://vouch.example.test/oauth/register/client-1", token: "CANARY" },
};

describe("registrationStep", () => {
  const { management: _none, ...unmanaged } = RECORD;
  const at = (url: string) => ({ ...RECORD, management: { url, token: "CANARY" } });
  const short = GRANTS.slice(0, 2);
  const steps: Readonly<Record<string, [RegistrationRecord | undefined, string]>> = {
    "there is none": [undefined, "register"],
    "the key is another": [{ ...RECORD, keyId: "kid-0" }, "register"],
    "it cannot be managed": [{ ...unmanaged, verifiedAt: 0 }, "trust"],
    "it cannot be managed and lacks a grant": [{ ...unmanaged, grants: short }, "register"],
    "its address is at another host": [at("https://other.example.test/oauth/register/client-1"), "register"],
    "its address is at another port": [
      at("https://vouch.example.test:8443/oauth/register/client-1"),
      "register",
    ],
    "its address is plain http": [at("http://vouch.example.test/oauth/register/client-1"), "register"],
    "its address is none": [at("client-1"), "register"],
    "it lacks a grant": [{ ...RECORD, grants: short }, "repair"],
    "it was confirmed just now": [RECORD, "trust"],
    "it was confirmed nearly a day ago": [{ ...RECORD, verifiedAt: NOON - DAY_MS + 1 }, "trust"],
    "it was confirmed a day ago": [{ ...RECORD, verifiedAt: NOON - DAY_MS }, "validate"],
    "it was confirmed in the future": [{ ...RECORD, verifiedAt: NOON + 1 }, "validate"],
  };
  for (const [when, [record, step]] of Object.entries(steps)) {
    it(`is to ${step} when ${when}`, () => {
      assert.equal(registrationStep(record, { keyId: "kid-1", server: SERVER, nowMs: NOON }), step);
    });
  }
});

describe("a stored registration", () => {
  it("comes back as it was, one for each server", () => {
    const keyStore = memoryKeyStore();
    const other = serverUrl("https://vouch.example.test:8443");
    const { management: _none, ...unmanaged } = RECORD;
    saveRegistration(keyStore, SERVER, RECORD);
    saveRegistration(keyStore, other, unmanaged);

    assert.deepEqual(loadRegistration(keyStore, SERVER), RECORD);
    assert.deepEqual(loadRegistration(keyStore, other), unmanaged);
    assert.deepEqual(
      [...keyStore.entries.keys()],
      ["registration:vouch.example.test", "registration:vouch.example.test:8443"],
    );
  });

  for (const text of ["", "{", "[]", "{}", '{"clientId":"client-1"}', '{"clientId":7,"keyId":"kid-1"}']) {
    it(`counts as none when it reads ${JSON.stringify(text)}`, () => {
      const keyStore = memoryKeyStore({ "registration:vouch.example.test": text });
      assert.equal(loadRegistration(keyStore, SERVER), undefined);
    });
  }

  it("is asked for again when only its ids can be read", () => {
    const keyStore = memoryKeyStore({
      "registration:vouch.example.test": '{"clientId":"client-1","keyId":"kid-1","management":{"url":"x"}}',
    });
    assert.deepEqual(loadRegistration(keyStore, SERVER), {
      clientId: "client-1",
      keyId: "kid-1",
      grants: [],
      verifiedAt: 0,
    });
  });
});
