import assert from "node:assert/strict";
import type { VouchSession } from "../../../token/vouch/session/vouch-session.ts";
import type { VouchClient } from "../../../token/vouch/vouch-client.ts";
import type { VouchStandInOptions } from "../../lab/vouch/settings.ts";
import { type HandCredential, handCredential } from "./hand-credential.ts";
import { type StandInMeeting, standInMeetings } from "./stand-in-meeting.ts";

const ROLE = "arn:aws:iam::111122223333:role/dev";
const EMAIL = "ada@example.com";

/** With one user and her key. */
interface Meeting extends StandInMeeting {
  readonly userId: string;
  readonly key: HandCredential;
  login(client?: VouchClient): Promise<VouchSession>;
}

describe("vouchClient and the Vouch stand-in", () => {
  const meetings = standInMeetings();
  const meet = async (options: Partial<VouchStandInOptions> = {}): Promise<Meeting> => {
    const meeting = await meetings(options);
    const { id: userId } = meeting.server.addUser({ email: EMAIL, domain: "example.com" });
    const key = handCredential();
    const { credentialId, cosePublicKey } = key;
    meeting.server.addCredential({ userId, credentialId, cosePublicKey, counter: 0 });
    const login = async (vouch = meeting.client()) => {
      const pending = await vouch.beginLogin();
      return vouch.finishLogin(pending, key.answer(pending, userId));
    };
    return { ...meeting, userId, key, login };
  };
  const count = (meeting: Meeting, wanted: RegExp) =>
    meeting.paths().filter((path) => wanted.test(path)).length;

  for (const era of ["A", "B", "C-staged", "C-strict"] as const) {
    for (const nonceMode of ["reusable", "single-use"] as const) {
      for (const clientAuthOrder of ["assertion-first", "dpop-first"] as const) {
        it(`go from login to logout (era ${era}, ${nonceMode} nonces, ${clientAuthOrder})`, async () => {
          const meeting = await meet({ era, nonceMode, clientAuthOrder });
          const client = meeting.client();
          const session = await meeting.login(client);
          assert.deepEqual(
            { identity: session.identity, subject: session.subject, server: session.server },
            { identity: EMAIL, subject: meeting.userId, server: meeting.server.url },
          );

          for (let call = 0; call < 2; call++) {
            const { idToken, subject, expiresAt } = await client.awsIdToken(session, ROLE);
            assert.equal(subject, EMAIL);
            assert.ok(expiresAt > meeting.clock() && idToken.split(".").length === 3);
          }
          const exchanged = await client.exchangeIdToken(session, "kubernetes");
          assert.ok(exchanged.expiresAt <= meeting.clock() + 600_000);
          const { authenticated, email } = await client.status(session);
          assert.deepEqual({ authenticated, email }, { authenticated: true, email: EMAIL });

          await client.revoke(session);
          assert.equal(meeting.server.liveSessions, 0);
          assert.deepEqual(await client.status(session), { authenticated: false });
          await assert.rejects(client.awsIdToken(session, ROLE), { code: "session-refused" });

          const { registrations, challenges, logins, awsTokens, exchangedTokens } = meeting.server.counts;
          assert.deepEqual(
            { registrations, challenges, logins, awsTokens, exchangedTokens },
            { registrations: 1, challenges: 1, logins: 1, awsTokens: 2, exchangedTokens: 1 },
          );
        });
      }
    }
  }

  it("need no repetition when nonces are reusable", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const session = await meeting.login(client);
    await client.awsIdToken(session, ROLE);
    await client.exchangeIdToken(session);
    assert.deepEqual(meeting.paths(), [
      "POST /oauth/register 201",
      "POST /oauth/fido2/challenge 200",
      "POST /oauth/token 200",
      "GET /v1/credentials/aws/token 200",
      "POST /oauth/token 200",
    ]);
  });

  it("meet again in another process, with the key and registration of the first", async () => {
    const meeting = await meet();
    const session = await meeting.login();
    await meeting.client().awsIdToken(session, ROLE);
    await meeting.login();
    assert.deepEqual([meeting.server.counts.registrations, meeting.server.counts.logins], [1, 2]);
  });

  it("tag an AI agent's AWS session", async () => {
    const meeting = await meet();
    const client = meeting.client({ agent: "claude-code" });
    const { idToken } = await client.awsIdToken(await meeting.login(client), ROLE);
    const claims = JSON.parse(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString());
    const { principal_tags: tags } = claims["https://aws.amazon.com/tags"];
    assert.deepEqual(tags["vouch:Agent"], ["claude-code"]);
    assert.deepEqual(claims["https://aws.amazon.com/roles"], [ROLE]);
  });

  it("part over r||s unless both have turned the switch", async () => {
    const meeting = await meet({ signatureEncoding: "ieee-p1363" });
    const session = await meeting.login();
    await assert.rejects(meeting.client().awsIdToken(session, ROLE), { code: "client-refused" });
    const turned = meeting.client({ signatureEncoding: "ieee-p1363" });
    assert.equal((await turned.awsIdToken(session, ROLE)).subject, EMAIL);
  });

  it("come to terms after a slow touch, without a second one", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const pending = await client.beginLogin();
    meeting.server.forgetNonces();
    const session = await client.finishLogin(pending, meeting.key.answer(pending, meeting.userId));
    assert.equal(session.identity, EMAIL);
    assert.equal(count(meeting, /oauth\/token 400$/), 1);
  });

  it("need a new login when the challenge is older than five minutes", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const pending = await client.beginLogin();
    meeting.clock.advance(301_000);
    const late = client.finishLogin(pending, meeting.key.answer(pending, meeting.userId));
    await assert.rejects(late, { code: "login-refused" });
    assert.equal((await meeting.login(client)).identity, EMAIL);
  });

  it("agree on a nonce after the challenge gave none", async () => {
    const meeting = await meet();
    meeting.server.faults.dropChallengeNonce = true;
    assert.equal((await meeting.login()).identity, EMAIL);
  });

  it("give up when nonces are refused twice, or demanded and not given", async () => {
    const meeting = await meet();
    meeting.server.faults.nonceDemands = 2;
    await assert.rejects(meeting.login(), { code: "server-failed" });
    meeting.server.faults.nonceDemands = 1;
    meeting.server.faults.dropDemandedNonce = true;
    await assert.rejects(meeting.login(), { code: "server-failed" });
  });

  it("recover a lost registration before the touch", async () => {
    const meeting = await meet();
    await meeting.login();
    meeting.server.forgetClients();
    assert.equal((await meeting.login()).identity, EMAIL);
    assert.equal(meeting.server.counts.registrations, 2);
  });

  it("recover one lost during the touch with the next login", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const pending = await client.beginLogin();
    meeting.server.forgetClients();
    const answer = meeting.key.answer(pending, meeting.userId);
    await assert.rejects(client.finishLogin(pending, answer), { code: "client-refused" });
    const session = await meeting.login(client);
    assert.equal((await client.awsIdToken(session, ROLE)).subject, EMAIL);
  });

  it("replace a registration that was deactivated, or that its token no longer opens", async () => {
    const meeting = await meet();
    const first = (await meeting.login()).clientId;
    meeting.server.deactivateClient(first);
    const second = (await meeting.login()).clientId;
    meeting.server.rotateRegistrationToken(second);
    meeting.clock.advance(25 * 3_600_000);
    const third = (await meeting.login()).clientId;
    assert.equal(new Set([first, second, third]).size, 3);
  });

  it("confirm a registration once a day", async () => {
    const meeting = await meet();
    await meeting.login();
    meeting.clock.advance(25 * 3_600_000);
    await meeting.login();
    await meeting.login();
    assert.equal(count(meeting, /^GET \/oauth\/register\/\S+ 200$/), 1);
    assert.equal(meeting.server.counts.registrations, 1);
  });

  it("fix a registration from before a grant was needed, by PUT", async () => {
    const meeting = await meet();
    await meeting.login();
    const entry = [...meeting.keyStore.entries.keys()].find((name) => name.startsWith("registration:")) ?? "";
    const record = JSON.parse(meeting.keyStore.read(entry) ?? "");
    meeting.keyStore.write(entry, JSON.stringify({ ...record, grants: record.grants.slice(0, 1) }));
    await meeting.login();
    await meeting.login();
    assert.equal(count(meeting, /^PUT \/oauth\/register\/\S+ 200$/), 1);
    assert.equal(meeting.server.clientIds.length, 1);
    const fixed = JSON.parse(meeting.keyStore.read(entry) ?? "");
    assert.notEqual(fixed.management.token, record.management.token);
  });

  it("take back the registration of a key that was lost", async () => {
    const meeting = await meet();
    const session = await meeting.login();
    meeting.keyStore.remove("client-key");
    await assert.rejects(meeting.client().awsIdToken(session, ROLE), { code: "session-refused" });
    await meeting.login();
    assert.equal(count(meeting, /^DELETE \/oauth\/register\/\S+ 204$/), 1);
    assert.equal(meeting.server.clientIds.length, 1);
  });

  it("repeat what may be repeated, and nothing else", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const session = await meeting.login(client);
    meeting.server.faults.rateLimit = { times: 1, retryAfter: 4 };
    meeting.server.faults.failure = { times: 1, status: 503 };
    assert.equal((await client.awsIdToken(session, ROLE)).subject, EMAIL);
    assert.deepEqual(meeting.sleeps, [4_000, 1_000]);

    meeting.server.faults.rateLimit = { times: 1, retryAfter: 4 };
    await assert.rejects(client.beginLogin(), { code: "rate-limited", hint: /^Wait 4 s / });
    meeting.server.faults.failure = { times: 1, status: 500 };
    await assert.rejects(client.exchangeIdToken(session), { code: "server-failed" });
    assert.deepEqual(meeting.sleeps, [4_000, 1_000]);
  });

  it("tell a clock that is off from a registration that is lost", async () => {
    const meeting = await meet();
    await meeting.login();
    for (const seconds of [30, -120]) {
      const off = meeting.client({ clock: () => meeting.clock() + seconds * 1000 });
      await assert.rejects(off.beginLogin(), { code: "clock-skewed" });
    }
    assert.equal(meeting.server.counts.registrations, 1);
  });

  it("tell a clock that is off from a session that is over", async () => {
    const meeting = await meet();
    const session = await meeting.login();
    for (const seconds of [90, -400]) {
      const off = meeting.client({ clock: () => meeting.clock() + seconds * 1000 });
      await assert.rejects(off.awsIdToken(session, ROLE), { code: "clock-skewed" });
    }
  });

  it("end a session that the server revoked", async () => {
    const meeting = await meet();
    const session = await meeting.login();
    meeting.server.revokeSessions(EMAIL);
    await assert.rejects(meeting.client().awsIdToken(session, ROLE), { code: "session-refused" });
    await assert.rejects(meeting.client().exchangeIdToken(session), { code: "session-refused" });
  });

  const refused: Readonly<Record<string, [(meeting: Meeting) => void, code: string]>> = {
    "a role ARN that is none": [() => {}, "role-arn-invalid"],
    "no RSA key": [({ server }) => void Object.assign(server.faults, { noRsaKey: true }), "server-failed"],
    "a step-up": [({ server }) => void Object.assign(server.faults, { stepUp: true }), "step-up-required"],
    "a user who is gone": [({ server, userId }) => server.removeUser(userId), "permission-denied"],
    "a user who is deactivated": [({ server, userId }) => server.deactivateUser(userId), "session-refused"],
    "a redirect": [
      ({ server }) =>
        void Object.assign(server.faults, { redirect: { location: "https://evil.example.test/" } }),
      "server-answer-invalid",
    ],
    "a guest network's page": [
      ({ server }) => void Object.assign(server.faults, { captivePortal: true }),
      "server-answer-invalid",
    ],
    "a server that hangs up": [
      ({ server }) => void Object.assign(server.faults, { down: true }),
      "server-unreachable",
    ],
  };
  for (const [what, [cause, code]] of Object.entries(refused)) {
    it(`get no AWS token past ${what}: ${code}`, async () => {
      const meeting = await meet();
      const session = await meeting.login();
      cause(meeting);
      const role = code === "role-arn-invalid" ? "arn:aws:iam::111122223333:user/ada" : ROLE;
      await assert.rejects(meeting.client().awsIdToken(session, role), { code });
    });
  }

  it("accept a server that ignores the pin, and older names of the exchanged token's type", async () => {
    const meeting = await meet();
    const session = await meeting.login();
    meeting.server.faults.ignoreRoleArn = true;
    meeting.server.faults.oldTokenType = true;
    assert.equal((await meeting.client().awsIdToken(session, ROLE)).subject, EMAIL);
    assert.ok((await meeting.client().exchangeIdToken(session)).idToken);
  });

  it("log in without the e-mail address in the answer, and with its own idea of the end", async () => {
    const meeting = await meet();
    meeting.server.faults.missingEmail = true;
    const end = new Date(Math.floor(meeting.clock() / 1000) * 1000 + 60_000);
    meeting.server.faults.expiresAt = end.toISOString();
    const { identity, expiresAt } = await meeting.login();
    assert.deepEqual({ identity, expiresAt }, { identity: EMAIL, expiresAt: end.getTime() });
  });

  it("refuse a login that a policy forbids, in the policy's words", async () => {
    const meeting = await meet();
    meeting.server.faults.policyRefusal = "disk is not encrypted";
    await assert.rejects(meeting.login(), { code: "permission-denied", message: /"disk is not encrypted"/ });
  });

  it("refuse a key that is not enrolled, and say so", async () => {
    const meeting = await meet();
    const client = meeting.client();
    const pending = await client.beginLogin();
    const stranger = handCredential().answer(pending, meeting.userId);
    await assert.rejects(client.finishLogin(pending, stranger), {
      code: "login-refused",
      hint: "Use a key that is registered with this server, or register this one: `kubectl vouch enroll`.",
    });
  });

  it("end a login that the user interrupts", async () => {
    const meeting = await meet();
    const control = new AbortController();
    meeting.server.faults.slowMs = 3_600_000;
    const pending = meeting.client({ signal: control.signal }).beginLogin();
    setTimeout(() => control.abort(), 50);
    await assert.rejects(pending, { code: "interrupted" });
  });
});
