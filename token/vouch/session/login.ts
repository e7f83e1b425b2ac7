import { VouchError } from "../../errors/errors.ts";
import type { Assertion } from "../../fido2/ceremony/assertion.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { jsonRecord, textMember } from "../../record.ts";
import { callOauth } from "../call/call-server.ts";
import { meaningOf } from "../call/refusal-table.ts";
import { answerError, serverRefusal, vouchError } from "../call/vouch-error.ts";
import {
  askAsClient,
  clientError,
  refusedClient,
  repairRegistration,
  throwIfRegistrationIsNotWhy,
} from "../register/registration.ts";
import { ensureClientKey } from "../sign/client-key.ts";
import {
  type Client,
  endpoint,
  fapiHeaders,
  freshProof,
  userAgent,
  type VouchContext,
} from "../sign/vouch-context.ts";
import { sessionOf, type VouchSession } from "./vouch-session.ts";

/** Source: VOUCH-PROTOCOL.md, "Names" and "Login grant". */
const FIDO2_GRANT = "urn:ietf:params:oauth:grant-type:fido2-assertion";
const SCOPE = "openid email";

/** A challenge that waits for the security key. Valid for five minutes and for one answer. */
export interface PendingLogin {
  /** Base64url, as received. */
  readonly challenge: string;
  /** As sent by the server: it must be checked against the server's host before the key is asked. */
  readonly rpId: string;
  readonly state: string;
  /** The client that got the challenge; only this client can redeem the answer. */
  readonly clientId: string;
}

/** Registers this machine if necessary and fetches a challenge. If this is repeated, no touch has been spent yet. */
export async function beginLogin(context: VouchContext): Promise<PendingLogin> {
  const { client, answer } = await askAsClient(context, "challenge", (one) => askChallenge(context, one));
  if (answer.status !== 200) throw await clientError(context, "challenge", answer);
  return challengeIn(context, client, answer);
}

/**
 * Redeems the key's answer for a session. If the server does not accept the registration, it is repaired, but the challenge was
 * bound to the old one: the error says that another login, and another touch, is needed.
 */
export async function finishLogin(
  context: VouchContext,
  login: PendingLogin,
  assertion: Assertion,
): Promise<VouchSession> {
  const key = ensureClientKey(context.keyStore);
  const client = { clientId: login.clientId, key };
  const answer = await callOauth(context, {
    path: "/oauth/token",
    client,
    fields: { grant_type: FIDO2_GRANT, assertion: encodedAssertion(login, assertion), scope: SCOPE },
    headers: fapiHeaders(context),
    dpop: "with-nonce",
  });
  if (answer.status === 200)
    return sessionOf(context, client, { call: "login", answer, userHandle: assertion.userHandle });

  const refusal = refusedClient(answer);
  if (refusal === undefined) throw vouchError(answer, { call: "login", server: context.server.key });
  await throwIfRegistrationIsNotWhy(context, "login", answer);
  await repairRegistration(context, key, { clientId: client.clientId, name: refusal });
  throw new VouchError(
    "client-refused",
    `${context.server.key} did not accept this machine's registration (${refusal}). The machine has been registered again, but your touch was used for the old registration.`,
    { hint: "Run `kubectl vouch login` once more and touch your security key." },
  );
}

function challengeIn(context: VouchContext, client: Client, answer: HttpAnswer): PendingLogin {
  const asked = { call: "challenge", server: context.server.key } as const;
  const body = jsonRecord(answer.body);
  const challenge = textMember(body, "challenge");
  const rpId = textMember(body, "rp_id");
  const state = textMember(body, "state");
  if (challenge === undefined || rpId === undefined || state === undefined) {
    throw answerError(asked, "without a challenge, an rp_id and a state");
  }
  if (!/^[\w-]{22,344}$/.test(challenge)) throw answerError(asked, "with a challenge that is not base64url");
  if (!/^[a-z0-9.-]{1,253}$/.test(rpId)) throw answerError(asked, "with an rp_id that is not a host name");
  return { challenge, rpId, state, clientId: client.clientId };
}

/** Source: VOUCH-PROTOCOL.md, "Login grant": these members, bytes in base64url. */
function encodedAssertion(login: PendingLogin, assertion: Assertion): string {
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const json = JSON.stringify({
    state: login.state,
    credential_id: base64url(assertion.credentialId),
    authenticator_data: base64url(assertion.authenticatorData),
    signature: base64url(assertion.signature),
    client_data_json: base64url(assertion.clientDataJson),
    user_handle: base64url(assertion.userHandle),
  });
  return Buffer.from(json).toString("base64url");
}

const PATH = "/oauth/fido2/challenge";

/** Statuses with which a server without authenticated challenges may refuse a form. Source: VOUCH-PROTOCOL.md, "Versions". */
const FORM_REFUSED: ReadonlySet<number> = new Set([400, 415, 422]);

/**
 * Asks for a login challenge: as an authenticated form, and if an older server cannot read that, once more as the bare JSON that
 * it knows. Never after a 401, nor if the server named the client as the problem.
 */
async function askChallenge(context: VouchContext, client: Client): Promise<HttpAnswer> {
  const headers = fapiHeaders(context);
  const answer = await callOauth(context, { path: PATH, client, fields: {}, headers, dpop: "without-nonce" });
  if (!FORM_REFUSED.has(answer.status) || namesTheClient(answer)) return answer;

  const older = await askWithoutAuthentication(context, client);
  return older.status === 200 ? older : answer;
}

function namesTheClient(answer: HttpAnswer): boolean {
  const { name = "" } = serverRefusal(answer);
  return name !== "invalid_request" && meaningOf("challenge", name) !== undefined;
}

async function askWithoutAuthentication(context: VouchContext, { key }: Client): Promise<HttpAnswer> {
  const url = endpoint(context, PATH);
  const answer = await context.http({
    method: "POST",
    url,
    headers: {
      ...userAgent(context),
      ...fapiHeaders(context),
      dpop: await freshProof(context, { key, method: "POST", url }),
      "content-type": "application/json",
    },
    body: "{}",
  });
  context.dpopNonces.offer(answer.headers["dpop-nonce"]);
  return answer;
}
