import assert from "node:assert/strict";
import { registerWithSecurityKey } from "../../../../token/fido2/ceremony/registration.ts";
import type { VouchSession } from "../../../../token/vouch/session/vouch-session.ts";
import type { VouchClient } from "../../../../token/vouch/vouch-client.ts";
import { SoftKey } from "../../../lab/key/soft-key.ts";
import { YUBIKEY_5_7_1 } from "../../../lab/key/soft-key-profiles.ts";
import { newSoftKeyState } from "../../../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../../../lab/key/soft-security-keys.ts";
import { type LabCa, makeLabCa } from "../../../lab/tls.ts";
import { handCredential } from "../hand-credential.ts";
import { type StandInMeeting, standInMeetings } from "../stand-in-meeting.ts";
import { type VouchScript, vouchScript } from "../vouch-script.ts";

const EMAIL = "ada@example.com";
const PIN = "canary-pin-7391";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("the keys of a person at the Vouch stand-in", () => {
  const meetings = standInMeetings();
  let makers: LabCa;
  let meeting: StandInMeeting;
  let client: VouchClient;
  let session: VouchSession;
  before(async () => {
    makers = await makeLabCa("security key makers");
  });
  beforeEach(async () => {
    meeting = await meetings({ attestationRoots: [makers.cert] });
    client = meeting.client();
    session = await login();
  });

  /** With a first key, as after an enrolment in the browser. */
  const login = async () => {
    const { id: userId } =
      meeting.server.users.find(({ email }) => email === EMAIL) ?? meeting.server.addUser({ email: EMAIL });
    const key = handCredential();
    const { credentialId, cosePublicKey } = key;
    meeting.server.addCredential({ userId, credentialId, cosePublicKey, counter: 0, name: "first key" });
    const pending = await client.beginLogin();
    return client.finishLogin(pending, key.answer(pending, userId));
  };

  const softKey = async () => {
    let state = newSoftKeyState({ pin: PIN, maker: await makers.issue(["security-key.example"]) });
    const key = new SoftKey({
      profile: YUBIKEY_5_7_1,
      loadState: () => structuredClone(state),
      saveState: (next) => {
        state = structuredClone(next);
      },
      touch: async () => "touched",
    });
    return softSecurityKeys({ keys: [key] });
  };
  const make = async (keys: Awaited<ReturnType<typeof softKey>>) => {
    const { state, ...pending } = await client.startKeyRegistration(session, "green key");
    const request = { ...pending, host: "localhost", origin: meeting.server.url };
    const prompts = {
      pin: async () => PIN,
      newPin: async () => undefined,
      insertKey: () => undefined,
      unplugged: () => undefined,
      touch: () => () => undefined,
      busy: () => undefined,
    };
    const signal = new AbortController().signal;
    return {
      state,
      made: await registerWithSecurityKey(request, { keys, prompts, signal, timeoutMs: 1000 }),
    };
  };

  it("get one more by a registration, which is then in the list", async () => {
    const id = await client.completeKeyRegistration(session, await make(await softKey()));
    assert.match(id, UUID);
    const [first, second] = await client.keys(session);
    assert.deepEqual([first?.name, first?.isCurrent, first?.model], ["first key", true, undefined]);
    assert.deepEqual([second?.id, second?.name, second?.isCurrent], [id, "green key", false]);
    assert.ok(Math.abs((second?.createdAt ?? 0) - meeting.clock()) < 60_000);
  });

  it("are named to the security key, which is not registered twice", async () => {
    const keys = await softKey();
    await client.completeKeyRegistration(session, await make(keys));
    await assert.rejects(make(keys), { code: "security-key-enrolled" });
  });

  it("do not take what was answered before, or too late", async () => {
    const done = await make(await softKey());
    await client.completeKeyRegistration(session, done);
    await assert.rejects(client.completeKeyRegistration(session, done), { code: "login-refused" });

    const late = await make(await softKey());
    meeting.clock.advance(301_000);
    await assert.rejects(client.completeKeyRegistration(session, late), { code: "login-refused" });
  });

  it("do not take a key whose maker the server does not know", async () => {
    makers = await makeLabCa("security key makers");
    await assert.rejects(client.completeKeyRegistration(session, await make(await softKey())), {
      code: "permission-denied",
      message: /it does not accept this model of security key/,
    });
  });

  it("lose one that is removed, with the sessions that began with it", async () => {
    const other = await login();
    const [, second] = await client.keys(session);
    assert.deepEqual(await client.removeKey(session, second?.id ?? ""), {
      sessionsRevoked: 1,
      isSessionOver: false,
    });
    assert.equal((await client.status(other)).authenticated, false);
    const [first, ...others] = await client.keys(session);
    assert.deepEqual(others, []);
    await assert.rejects(client.removeKey(session, first?.id ?? ""), {
      code: "permission-denied",
      message: /it is your only key, and without it you could not log in/,
    });
  });

  it("are removed only soon after a login", async () => {
    await login();
    const [, second] = await client.keys(session);
    meeting.clock.advance(61_000);
    await assert.rejects(client.removeKey(session, second?.id ?? ""), { code: "step-up-required", exit: 7 });
    assert.equal((await client.keys(session)).length, 2);
  });

  for (const id of ["018bcfe5-6800-7000-8000-000000000009", "not-a-uuid/../x"]) {
    it(`know none of the id ${id}`, async () => {
      await login();
      await assert.rejects(client.removeKey(session, id), { code: "key-unknown" });
    });
  }

  it("are told to nobody when the session is over", async () => {
    meeting.server.revokeSessions();
    for (const call of [client.keys(session), client.startKeyRegistration(session, "x")])
      await assert.rejects(call, { code: "session-refused" });
  });
});

describe("answers about keys", () => {
  let script: VouchScript;
  beforeEach(async () => {
    script = await vouchScript();
  });
  afterEach(() => script.server.close());

  const STARTED = {
    challenge: Array.from({ length: 32 }, () => 7),
    rp_id: "localhost",
    rp_name: "Vouch",
    user_id: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4051",
    user_name: EMAIL,
    algorithms: [-7],
    state: "STATE.CANARY.x",
    exclude_credential_ids: [[1, 2, 3]],
  };
  const start = (changes: object = {}) => {
    const body = { ...STARTED, ...changes };
    script.server.expect({ on: "POST /v1/keys/register/start", reply: { status: 200, body } });
    return script.client().startKeyRegistration(script.session(), "green key");
  };

  it("that begin a registration are read as bytes", async () => {
    assert.deepEqual(await start(), {
      challenge: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
      rpId: "localhost",
      rpName: "Vouch",
      user: { id: Buffer.from("0190a1b2c3d47e5f8a9b0c1d2e3f4051", "hex"), name: EMAIL },
      excludeIds: [Uint8Array.of(1, 2, 3)],
      state: "STATE.CANARY.x",
    });
    const { body, headers } = script.server.requests[0] ?? assert.fail();
    assert.deepEqual([body, headers["content-type"]], ['{"name":"green key"}', "application/json"]);
    assert.match(String(headers["signature-input"]), /"dpop" "content-type" "content-digest"\)/);
  });

  for (const [what, changes] of [
    ["a challenge in letters", { challenge: "BwcH" }],
    ["numbers that are no bytes", { challenge: [256] }],
    ["no user", { user_id: "ada" }],
    ["no name", { user_name: "" }],
    ["no state", { state: undefined }],
    ["no list of credentials", { exclude_credential_ids: undefined }],
    ["a list of something else", { exclude_credential_ids: ["AQID"] }],
    ["other algorithms", { algorithms: [-8] }],
  ] as const) {
    it(`with ${what} are refused`, async () => {
      await assert.rejects(start(changes), { code: "server-answer-invalid" });
    });
  }

  it("list keys with what is known of them", async () => {
    const keys = [
      {
        id: "k1",
        name: "green\u001b[2J key",
        created_at: "2026-01-15T12:00:00Z",
        is_current_session: true,
        device_model: "YubiKey 5 NFC",
      },
      { id: "k2", name: "", created_at: "yesterday" },
    ];
    script.server.expect({ on: "GET /v1/keys", reply: { status: 200, body: { keys } } });
    assert.deepEqual(await script.client().keys(script.session()), [
      {
        id: "k1",
        name: "green [2J key",
        createdAt: Date.parse("2026-01-15T12:00:00Z"),
        isCurrent: true,
        model: "YubiKey 5 NFC",
      },
      { id: "k2", name: "", createdAt: undefined, isCurrent: false, model: undefined },
    ]);
  });

  for (const body of [{}, { keys: "none" }, { keys: [{ name: "without id" }] }]) {
    it(`that are no list are refused: ${JSON.stringify(body)}`, async () => {
      script.server.expect({ on: "GET /v1/keys", reply: { status: 200, body } });
      await assert.rejects(script.client().keys(script.session()), { code: "server-answer-invalid" });
    });
  }

  it("are waited for once, where asking twice could do harm", async () => {
    script.server.expect({ on: "DELETE /v1/keys/k1", reply: { status: 503, body: "" } });
    await assert.rejects(script.client().removeKey(script.session(), "k1"), { code: "server-failed" });
    assert.deepEqual(script.sleeps, []);
  });
});
