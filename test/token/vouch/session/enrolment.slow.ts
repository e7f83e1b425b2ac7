import assert from "node:assert/strict";
import { GRANTS } from "../../../../token/vouch/register/registration-call.ts";
import { loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import type { Reply, Step } from "../../net/scripted-server.ts";
import { RFC7515_KID } from "../rfc7515-key.ts";
import { openToken } from "../signed-token.ts";
import { standInMeetings } from "../stand-in-meeting.ts";
import { formOf, START, TOKEN, unsignedToken, type VouchScript, vouchScript } from "../vouch-script.ts";

const EMAIL = "ada@example.com";
const DEVICE = "POST /oauth/device";

describe("an enrolment at the Vouch stand-in", () => {
  const meet = standInMeetings();

  for (const era of ["B", "C-staged", "C-strict"] as const) {
    for (const nonceMode of ["reusable", "single-use"] as const) {
      for (const clientAuthOrder of ["assertion-first", "dpop-first"] as const) {
        it(`ends with a session once it is approved (era ${era}, ${nonceMode} nonces, ${clientAuthOrder})`, async () => {
          const meeting = await meet({ era, nonceMode, clientAuthOrder });
          const { id: userId } = meeting.server.addUser({ email: EMAIL });
          const client = meeting.client();
          const pending = await client.beginEnrolment();
          assert.match(pending.userCode, /^[A-Z]{4}-[A-Z]{4}$/);
          assert.deepEqual(
            [pending.verificationUri, pending.verificationUriComplete, pending.intervalMs],
            [
              `${meeting.server.url}/device`,
              `${meeting.server.url}/device?user_code=${pending.userCode}`,
              5000,
            ],
          );

          meeting.onSleep = (count) => {
            if (count === 3)
              meeting.server.approveDevice(pending.userCode, { userId, hardwareVerified: false });
          };
          const { session, isHardwareVerified } = await client.awaitEnrolment(pending);
          assert.deepEqual(
            { identity: session.identity, subject: session.subject, isHardwareVerified },
            { identity: EMAIL, subject: userId, isHardwareVerified: false },
          );
          assert.equal((await client.status(session)).authenticated, true);
          assert.equal(meeting.sleeps.length, 3);
          assert.equal(meeting.server.liveSessions, 1);
          assert.equal(meeting.paths().filter((path) => path === "POST /oauth/token 200").length, 1);
        });
      }
    }
  }

  it("works with a server of era A, which names no complete address", async () => {
    const meeting = await meet({ era: "A" });
    const { id: userId } = meeting.server.addUser({ email: EMAIL });
    const pending = await meeting.client().beginEnrolment();
    assert.equal(pending.verificationUriComplete, undefined);
    meeting.server.approveDevice(pending.userCode, { userId });
    const { session } = await meeting.client().awaitEnrolment(pending);
    assert.equal(session.identity, EMAIL);
  });

  it("waits before the first poll, and makes everything anew for each", async () => {
    const meeting = await meet();
    const { id: userId } = meeting.server.addUser({ email: EMAIL });
    const pending = await meeting.client().beginEnrolment();
    meeting.onSleep = (count) => {
      assert.equal(meeting.server.requests.at(-1)?.path, count === 1 ? "/oauth/device" : "/oauth/token");
      if (count === 2) meeting.server.approveDevice(pending.userCode, { userId });
    };
    await meeting.client().awaitEnrolment(pending);
    assert.deepEqual(meeting.paths(), [
      "POST /oauth/register 201",
      "POST /oauth/device 200",
      "POST /oauth/token 400",
      "POST /oauth/token 400",
      "POST /oauth/token 200",
    ]);
  });

  it("says that it was denied", async () => {
    const meeting = await meet();
    const pending = await meeting.client().beginEnrolment();
    meeting.server.denyDevice(pending.userCode);
    await assert.rejects(meeting.client().awaitEnrolment(pending), { code: "permission-denied", exit: 5 });
  });

  it("stops by itself when the code is too old", async () => {
    const meeting = await meet();
    const pending = await meeting.client().beginEnrolment();
    await assert.rejects(meeting.client().awaitEnrolment(pending), {
      code: "enrolment-expired",
      message: /^The enrollment with localhost:\d+ was not approved in the browser in time\.$/,
    });
    // Ten minutes, every five seconds, less what the answers took.
    const { length } = meeting.sleeps;
    assert.ok(length > 100 && length <= 119, String(length));
  });

  for (const [what, lose] of [
    ["forgot", "forgetClients"],
    ["deactivated", "deactivateClient"],
  ] as const) {
    it(`registers this machine again, once, when the server ${what} it`, async () => {
      const meeting = await meet();
      await meeting.client().beginEnrolment();
      meeting.server[lose](meeting.server.clientIds[0] ?? "");
      const pending = await meeting.client().beginEnrolment();
      const { id: userId } = meeting.server.addUser({ email: EMAIL });
      meeting.server.approveDevice(pending.userCode, { userId });
      assert.equal((await meeting.client().awaitEnrolment(pending)).session.identity, EMAIL);
      assert.equal(meeting.server.counts.registrations, 2);
    });
  }

  it("outlives a server that is away for a while, and asks less often", async () => {
    const meeting = await meet();
    const { id: userId } = meeting.server.addUser({ email: EMAIL });
    const pending = await meeting.client().beginEnrolment();
    meeting.onSleep = (count) => {
      meeting.server.faults.down = count < 3;
      if (count === 3) meeting.server.approveDevice(pending.userCode, { userId });
    };
    const { session } = await meeting.client().awaitEnrolment(pending);
    assert.deepEqual([session.identity, meeting.sleeps], [EMAIL, [5000, 10_000, 15_000]]);
  });

  it("ends at once when it is interrupted", async () => {
    const meeting = await meet();
    const abort = new AbortController();
    const client = meeting.client({ signal: abort.signal });
    const pending = await client.beginEnrolment();
    meeting.onSleep = () => abort.abort();
    await assert.rejects(client.awaitEnrolment(pending), { code: "interrupted" });
  });
});

describe("an enrolment, step by step", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
    const management = { url: `${script.server.url}/oauth/register/client-1`, token: "CANARY" };
    const record = {
      clientId: "client-1",
      keyId: RFC7515_KID,
      grants: GRANTS,
      verifiedAt: START,
      management,
    };
    script.keyStore.entries.set(`registration:${script.host}`, JSON.stringify(record));
  });
  afterEach(() => script.server.close());

  const codes = (changes: object = {}) => ({
    device_code: "CANARY-device-code",
    user_code: "WDJB-MJHT",
    verification_uri: `${script.server.url}/device`,
    verification_uri_complete: `${script.server.url}/device?user_code=WDJB-MJHT`,
    expires_in: 600,
    interval: 5,
    ...changes,
  });
  const begin = (changes: object = {}) => {
    script.server.expect({ on: DEVICE, reply: { status: 200, body: codes(changes) } });
    return script.client().beginEnrolment();
  };
  const refusal = (error: string, status = 400): Reply => ({ status, body: { error } });
  const success = () => ({
    status: 200,
    body: {
      access_token: unsignedToken({ sub: "018bcfe5-6800-7000-8000-000000000001", cnf: { jkt: RFC7515_KID } }),
      token_type: "DPoP",
      expires_in: 28_800,
      email: EMAIL,
    },
  });
  const poll = async (...replies: Step["reply"][]) => {
    const pending = await begin();
    script.server.expect(...replies.map((reply) => ({ on: TOKEN, reply })));
    return script.client().awaitEnrolment(pending);
  };

  it("begins with the client and its assertion, and no proof", async () => {
    await begin();
    const { body, headers } = script.server.requests[0] ?? assert.fail();
    const { client_assertion = "", ...form } = formOf(body);
    assert.deepEqual(form, {
      client_id: "client-1",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    const jwk = { ...loadClientKey(script.keyStore)?.publicJwk };
    assert.equal(openToken(client_assertion, jwk)?.claims["aud"], script.server.url);
    assert.equal(headers["dpop"], undefined);
  });

  it("polls with the code, the client and a fresh proof", async () => {
    await poll(refusal("authorization_pending"), success());
    const [, first, second] = script.server.requests.map(({ body, headers }) => ({
      form: formOf(body),
      proof: headers["dpop"],
    }));
    const { client_assertion: assertion, ...form } = first?.form ?? {};
    assert.deepEqual(form, {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "CANARY-device-code",
      client_id: "client-1",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    assert.notEqual(assertion, second?.form["client_assertion"]);
    assert.notEqual(first?.proof, second?.proof);
  });

  it("keeps the pace, and slows down for good when it is told to", async () => {
    await poll(
      refusal("authorization_pending"),
      refusal("slow_down"),
      refusal("authorization_pending"),
      success(),
    );
    assert.deepEqual(script.sleeps, [5000, 5000, 10_000, 10_000]);
  });

  it("takes a nonce up at once, without a wait", async () => {
    const demand = { ...refusal("use_dpop_nonce"), headers: { "DPoP-Nonce": "n-1" } };
    const { session } = await poll(demand, success());
    assert.deepEqual([session.identity, script.sleeps], [EMAIL, [5000]]);
  });

  it("waits as long as a busy server says", async () => {
    await poll({ status: 429, headers: { "Retry-After": "20" }, body: "" }, refusal("x", 503), success());
    assert.deepEqual(script.sleeps, [5000, 20_000, 25_000]);
  });

  for (const [error, code] of [
    ["access_denied", "permission-denied"],
    ["expired_token", "enrolment-expired"],
    ["invalid_grant", "enrolment-expired"],
    ["invalid_request", "internal"],
    ["org_policy", "permission-denied"],
  ] as const) {
    it(`is over after ${error}`, async () => {
      await assert.rejects(poll(refusal(error)), { code });
    });
  }

  for (const [what, changes] of [
    ["no code", { user_code: undefined }],
    ["a code with escapes", { user_code: "WDJB\u001b[2J" }],
    ["no device code", { device_code: "" }],
    ["a page of somebody else", { verification_uri: "https://evil.example/device" }],
    ["a page that is a program", { verification_uri: "file:///bin/sh" }],
  ] as const) {
    it(`does not begin with ${what}`, async () => {
      await assert.rejects(begin(changes), { code: "server-answer-invalid" });
    });
  }

  it("leaves out a complete address that is somebody else's", async () => {
    const { verificationUriComplete } = await begin({ verification_uri_complete: "https://evil.example/" });
    assert.equal(verificationUriComplete, undefined);
  });

  it("keeps pace and life within reason", async () => {
    const times = async (changes: object) => {
      const { expiresAt, intervalMs } = await begin(changes);
      return [expiresAt - START, intervalMs];
    };
    assert.deepEqual(await times({ expires_in: 1e9, interval: 0 }), [3_600_000, 1000]);
    assert.deepEqual(await times({ expires_in: undefined, interval: undefined }), [600_000, 5000]);
  });
});
