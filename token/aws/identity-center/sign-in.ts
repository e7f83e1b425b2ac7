import { createHash, randomBytes } from "node:crypto";
import { debug } from "../../debug.ts";
import { requireRegion } from "../../endpoints/aws-endpoint.ts";
import { VouchError } from "../../errors/errors.ts";
import { serverText } from "../../net/server-text.ts";
import { pause, systemTimers } from "../../timers.ts";
import { type BearerAccess, refusalOf, serviceError, strangeAnswer } from "../bearer-call.ts";
import type { SsoPlace } from "../sources/plan-kinds.ts";
import { withTokenFileLocked, writeTokenFile } from "../token-file.ts";
import { BROWSER_MS, type CallbackPage, startCallbackServer } from "./callback-server.ts";
import {
  ACCOUNT_ACCESS,
  authorizeUrl,
  CREATE_TOKEN,
  type Created,
  createToken,
  type PendingDevice,
  type Refused,
  START_DEVICE,
  startDevice,
} from "./oidc-calls.ts";
import { forgetClient, ourClient, type Registration } from "./registration.ts";
import { logInHint, loginUnanswered, placeName } from "./session-errors.ts";
import { type NewToken, newSession, type SsoClient, ssoFile } from "./sso-token.ts";
import { isPortalAddress, issuerOf } from "./start-url.ts";

/** What a login asks for, besides what the plan says. */
export interface SignIn {
  /** As in `sso_registration_scopes`; if empty, access to accounts. */
  readonly scopes: readonly string[];
  /** Register a new client. */
  readonly fresh: boolean;
  /** How long to wait for the user's answer, in milliseconds, if less than AWS waits. */
  readonly timeoutMs?: number | undefined;
  /** Port on which the browser's answer is awaited; undefined: any. */
  readonly callbackPort?: number | undefined;
}

/** A login that a user approves in a browser. */
interface BrowserLogin {
  /** The URL to open in the browser. */
  readonly address: string;
  /** Until when, in milliseconds since 1970. */
  readonly expires: number;
  /** Waits for the answer, and keeps the session. */
  complete(): Promise<NewToken>;
  /** Shows in the browser how the login ended. To be called in any case. */
  close(): Promise<void>;
}

/** A login that a user approves with a device code. */
interface DeviceLogin {
  readonly pending: PendingDevice;
  complete(): Promise<NewToken>;
}

/**
 * Begins a login in the browser of this machine, with an authorization code and PKCE. The session is kept where AWS's tools look
 * for it. Throws `sso-login-refused`, `sso-login-unanswered` after ten minutes or sooner, `interrupted`, and whatever prevents
 * the login.
 *
 * Source: RFC 6749, 4.1; RFC 7636; RFC 8252, 7.3; doctor/AWS-CREDENTIALS.md, "Identity Center".
 */
export async function beginBrowserLogin(
  plan: SsoPlace,
  wish: SignIn,
  access: BearerAccess,
): Promise<BrowserLogin> {
  const { startUrl, region, session } = plan;
  requireRegion(region);
  const scopes = scopesOf(wish);
  const issuer = await issuerOf(plan, access);
  const wanted = { startUrl, issuer, region, session, scopes, way: "browser" } as const;
  const client = await ourClient(wanted, wish, access);
  const state = randomBytes(32).toString("base64url");
  const codeVerifier = randomBytes(48).toString("base64url");
  const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
  const server = await startCallbackServer(state, wish.callbackPort);
  const { redirectUri } = server;
  const address = authorizeUrl({ region, client, scopes, redirectUri, state, challenge }, access);
  let page: CallbackPage = "failed";
  const waitMs = Math.min(BROWSER_MS, wish.timeoutMs ?? BROWSER_MS);
  return {
    address,
    expires: access.clock() + waitMs,
    async complete() {
      const callback = await server.wait({ ms: waitMs, signal: access.signal });
      if (callback === undefined) throw loginUnanswered(plan);
      if ("refused" in callback) throw refusedLogin(plan, serverText(callback.refused) ?? "no reason stated");
      const proof = { grant: "code", code: callback.code, redirectUri, codeVerifier } as const;
      const created = await createToken({ region, client, proof }, access);
      const token = await keepSession(plan, { wanted, client, created }, access);
      page = "done";
      return token;
    },
    close: () => server.close(page),
  };
}

/**
 * Begins a login with a code that a user approves in any browser. Anyone who sends the code to other users gets their session, so
 * this is only used on request. Throws as above; `sso-login-unanswered` only if AWS says so, or answered the last poll.
 *
 * Source: RFC 8628, 3 and 5.4.
 */
export async function beginDeviceLogin(
  plan: SsoPlace,
  wish: SignIn,
  access: BearerAccess,
): Promise<DeviceLogin> {
  const { startUrl, region, session } = plan;
  const issuer = await issuerOf(plan, access);
  const wanted = { startUrl, issuer, region, session, scopes: scopesOf(wish), way: "device-code" } as const;
  const { client, pending: theirs } = await beginDevice(plan, { wanted, fresh: wish.fresh }, access);
  const { timeoutMs = Number.POSITIVE_INFINITY } = wish;
  const pending = { ...theirs, expires: Math.min(theirs.expires, access.clock() + timeoutMs) };
  const { verificationUri, verificationUriComplete: complete } = pending;
  if (!isShown(verificationUri, access) || !isTyped(pending.userCode))
    throw strangeAnswer(START_DEVICE, "with a URL of a different host or a code that cannot be typed");
  const shown = complete !== undefined && isShown(complete, access) ? complete : undefined;
  return {
    pending: { ...pending, verificationUriComplete: shown },
    async complete() {
      const created = await answeredCode(plan, { client, pending }, access);
      return keepSession(plan, { wanted, client, created }, access);
    },
  };
}

function isTyped(code: string): boolean {
  return /^[A-Za-z0-9]{2,16}(?:-[A-Za-z0-9]{2,16}){0,3}$/.test(code);
}

/** If AWS no longer knows the client, registers a new one, once. */
async function beginDevice(
  plan: SsoPlace,
  { wanted, fresh }: { readonly wanted: Registration; readonly fresh: boolean },
  access: BearerAccess,
): Promise<{ readonly client: SsoClient; readonly pending: PendingDevice }> {
  const { region, issuer } = wanted;
  const client = await ourClient(wanted, { fresh }, access);
  const pending = await startDevice({ region, issuer, client }, access);
  if (pending !== "client-refused") return { client, pending };
  if (!fresh) return beginDevice(plan, { wanted, fresh: true }, access);
  throw refusedLogin(plan, "it does not recognize the client that it has just registered");
}

function scopesOf({ scopes }: Pick<SignIn, "scopes">): readonly string[] {
  return scopes.length === 0 ? [ACCOUNT_ACCESS] : scopes;
}

/** Whether the address belongs to AWS, whose code pages have their own host, or is on this machine, in place of AWS. */
function isShown(address: string, { endpoints }: BearerAccess): boolean {
  if (isPortalAddress(address)) return true;
  if (!/^[\x21-\x7e]{1,2048}$/.test(address) || !URL.canParse(address)) return false;
  const { host, origin, protocol } = new URL(address);
  if (protocol === "https:" && /^device\.sso\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(host)) return true;
  return endpoints.ssoOidcEndpoint !== undefined && origin === new URL(endpoints.ssoOidcEndpoint).origin;
}

/** Keeps the session of a login that was allowed; throws for one that was not. */
async function keepSession(
  plan: SsoPlace,
  {
    wanted,
    client,
    created,
  }: { readonly wanted: Registration; readonly client: SsoClient; readonly created: Created },
  access: BearerAccess,
): Promise<NewToken> {
  if ("refused" in created) {
    const { refused, answer } = created;
    if (refused === "expired_token") throw loginUnanswered(plan);
    if (!REFUSALS.has(refused)) throw serviceError(answer, CREATE_TOKEN);
    if (refused === "invalid_client") forgetClient(wanted, access);
    throw refusedLogin(plan, refusalOf(answer).words);
  }
  const file = ssoFile(plan.tokenFile, access.homeDir);
  const { startUrl, region } = plan;
  await withTokenFileLocked(file, access, async () =>
    writeTokenFile(file, newSession({ startUrl, region, client }, created.token)),
  );
  return created.token;
}

/** Source: RFC 6749, 5.2; RFC 8628, 3.5. */
const REFUSALS: ReadonlySet<string> = new Set([
  "access_denied",
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
]);

function refusedLogin(plan: SsoPlace, why: string): VouchError {
  return new VouchError("sso-login-refused", `The login to ${placeName(plan)} was denied: ${why}.`, {
    hint: logInHint(plan),
  });
}

/** Added to the interval when AWS says that we poll too fast, in milliseconds. Source: RFC 8628, 3.5. */
const SLOWER_MS = 5000;

/** Polls until the user has answered, or AWS says that no one can answer anymore. Polls more slowly after errors. */
async function answeredCode(
  plan: SsoPlace,
  { client, pending }: { readonly client: SsoClient; readonly pending: PendingDevice },
  access: BearerAccess,
): Promise<Created> {
  const proof = { grant: "device", deviceCode: pending.deviceCode } as const;
  let last: Refused | VouchError | undefined;
  for (let waitMs = pending.intervalMs; ; ) {
    const leftMs = pending.expires - access.clock();
    await pause(Math.min(waitMs, leftMs), systemTimers, access.signal);
    if (leftMs <= waitMs) throw troubleOf(last) ?? loginUnanswered(plan);
    const answer = await createToken({ region: plan.region, client, proof }, access).catch(unheard);
    if (!(answer instanceof VouchError) && !isPending(answer)) return answer;
    last = answer;
    if (last instanceof VouchError || last.refused !== "authorization_pending") waitMs += SLOWER_MS;
  }
}

function unheard(error: unknown): VouchError {
  if (!(error instanceof VouchError) || error.code !== "aws-unreachable") throw error;
  debug(`could not check the login: ${error.message}`);
  return error;
}

/** Answers that leave a login open. Source: RFC 8628, 3.5. */
const OPEN: readonly string[] = ["authorization_pending", "slow_down"];

function isPending(created: Created): created is Refused {
  if (!("refused" in created)) return false;
  const { refused, answer } = created;
  return OPEN.includes(refused) || answer.status === 429 || answer.status >= 500;
}

/** The last error, because of which we may have missed an approval. Undefined if AWS answered, or was not asked. */
function troubleOf(last: Refused | VouchError | undefined): VouchError | undefined {
  if (last === undefined || last instanceof VouchError) return last;
  return OPEN.includes(last.refused) ? undefined : serviceError(last.answer, CREATE_TOKEN);
}
