import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { retryAfter, withRetries } from "../../net/retry.ts";
import { type JsonRecord, jsonRecord, textMember } from "../../record.ts";
import { callOauth } from "../call/call-server.ts";
import { type Asked, answerError, serverRefusal, vouchError } from "../call/vouch-error.ts";
import { askAsClient, clientError } from "../register/registration.ts";
import { type Client, fapiHeaders, type VouchContext } from "../sign/vouch-context.ts";
import { jwtClaims, sessionOf, type VouchSession } from "./vouch-session.ts";

/** Source: VOUCH-PROTOCOL.md, "Names". */
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** Added to the interval when the server says that we poll too fast, in ms. Source: RFC 8628, 3.5. */
const SLOWER_MS = 5000;

/**
 * Limits for what a server may ask for, in seconds, and the default if it says nothing. Source: VOUCH-PROTOCOL.md, "Enrolment".
 */
const SECONDS = {
  interval: { least: 1, usual: 5, most: 60 },
  expires_in: { least: 30, usual: 600, most: 3600 },
} as const;

/** An enrolment that waits for approval in a browser. The device code in it is a secret. */
export interface PendingEnrolment {
  readonly deviceCode: string;
  /** The code that the user compares, or types: `WDJB-MJHT`. */
  readonly userCode: string;
  /** An address at the server itself. */
  readonly verificationUri: string;
  /** The verification address with the code in it. */
  readonly verificationUriComplete: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Between two polls, in milliseconds. */
  readonly intervalMs: number;
  readonly client: Client;
}

export interface Enrolled {
  readonly session: VouchSession;
  /** Whether a security key was involved; undefined if the server does not tell. */
  readonly isHardwareVerified: boolean | undefined;
}

/** Asks for a code that a user approves in a browser. Source: VOUCH-PROTOCOL.md, "Enrolment"; RFC 8628, 3.1 and 3.2. */
export async function beginEnrolment(context: VouchContext): Promise<PendingEnrolment> {
  const ask = (client: Client) =>
    withRetries(
      () =>
        callOauth(context, {
          path: "/oauth/device",
          client,
          fields: { client_id: client.clientId },
          headers: fapiHeaders(context),
          dpop: "none",
        }),
      context.retry,
    );
  const { client, answer } = await askAsClient(context, "enrolment", ask);
  if (answer.status !== 200) throw await clientError(context, "enrolment", answer);
  return pendingIn(context, client, answer);
}

/**
 * Polls until the enrolment is approved, denied or too old. Never again after a success: using a code twice ends sessions. Failed
 * polls slow the polling down.
 */
export async function awaitEnrolment(context: VouchContext, pending: PendingEnrolment): Promise<Enrolled> {
  let waitMs = pending.intervalMs;
  for (;;) {
    if (context.clock() + waitMs >= pending.expiresAt) throw expired(context);
    await context.retry.sleep(waitMs);
    const answer = await poll(context, pending);
    if (answer?.status === 200) return enrolledIn(context, pending, answer);
    waitMs = nextWait(context, waitMs, answer);
  }
}

/** Undefined if the server could not be asked. */
async function poll(
  context: VouchContext,
  { client, deviceCode }: PendingEnrolment,
): Promise<HttpAnswer | undefined> {
  try {
    return await callOauth(context, {
      path: "/oauth/token",
      client,
      fields: { grant_type: DEVICE_GRANT, device_code: deviceCode, client_id: client.clientId },
      headers: fapiHeaders(context),
      dpop: "with-nonce",
    });
  } catch (error) {
    if (!(error instanceof VouchError) || error.code !== "server-unreachable") throw error;
    debug(`enrolment: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Time until the next poll, in milliseconds; throws if there must be none. */
function nextWait(context: VouchContext, waitMs: number, answer: HttpAnswer | undefined): number {
  if (answer === undefined) return waitMs + SLOWER_MS;
  const { name } = serverRefusal(answer);
  if (name === "authorization_pending" || name === "use_dpop_nonce") return waitMs;
  if (name === "slow_down") return waitMs + SLOWER_MS;
  if (answer.status === 429 || answer.status >= 500)
    return Math.max(retryAfter(answer) ?? 0, waitMs + SLOWER_MS);
  throw vouchError(answer, askedOf(context));
}

function enrolledIn(context: VouchContext, { client }: PendingEnrolment, answer: HttpAnswer): Enrolled {
  const session = sessionOf(context, client, { call: "enrolment", answer });
  const verified = jwtClaims(session.accessToken)?.["hardware_verified"];
  return { session, isHardwareVerified: typeof verified === "boolean" ? verified : undefined };
}

function pendingIn(context: VouchContext, client: Client, answer: HttpAnswer): PendingEnrolment {
  const asked = askedOf(context);
  const body = jsonRecord(answer.body);
  const deviceCode = textMember(body, "device_code");
  const userCode = textMember(body, "user_code");
  const uri = textMember(body, "verification_uri");
  if (deviceCode === undefined || userCode === undefined || uri === undefined)
    throw answerError(asked, "without a device_code, a user_code and a verification_uri");
  if (!/^[A-Z0-9]{2,16}(?:-[A-Z0-9]{2,16}){0,3}$/.test(userCode))
    throw answerError(asked, "with a code that cannot be typed");
  if (!isAtServer(context, uri)) throw answerError(asked, "with a URL of a different server");
  const complete = textMember(body, "verification_uri_complete");
  return {
    deviceCode,
    userCode,
    verificationUri: uri,
    verificationUriComplete: complete !== undefined && isAtServer(context, complete) ? complete : undefined,
    expiresAt: context.clock() + secondsIn(body, "expires_in") * 1000,
    intervalMs: secondsIn(body, "interval") * 1000,
    client,
  };
}

/** The browser may only be sent to the server itself, by an address in plain characters. */
function isAtServer({ server }: VouchContext, uri: string): boolean {
  return (
    /^[\x21-\x7e]{1,2048}$/.test(uri) &&
    URL.canParse(uri) &&
    new URL(uri).origin === new URL(server.base).origin
  );
}

function secondsIn(body: JsonRecord | undefined, name: keyof typeof SECONDS): number {
  const { least, usual, most } = SECONDS[name];
  const value = body?.[name];
  return typeof value === "number" ? Math.min(most, Math.max(least, value)) : usual;
}

function expired(context: VouchContext): VouchError {
  return new VouchError(
    "enrolment-expired",
    `The enrollment with ${context.server.key} was not approved in the browser in time.`,
  );
}

function askedOf(context: VouchContext): Asked {
  return { call: "enrolment", server: context.server.key };
}
