import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { pause } from "../../fido2/interruption.ts";
import { systemTimers } from "../../fido2/timers.ts";
import type { SsoPlan } from "../sources/plan-kinds.ts";
import { CREATE_TOKEN, type Created, createToken } from "./oidc-calls.ts";
import { type IdentityCenterAccess, refusalOf, serviceError } from "./service-call.ts";
import { loggedOut, sessionEnded } from "./session-errors.ts";
import { readSsoFile, type SsoFile, ssoFile, withSsoFileLocked, writeSsoFile } from "./sso-files.ts";
import { type Refresh, readSsoToken, refreshedSession, type SsoToken } from "./sso-token.ts";

/** A token that ends sooner is refreshed, in milliseconds, as the SDKs do it. Source: doctor/AWS-CREDENTIALS.md, "Identity Center". */
const REFRESH_BELOW_MS = 5 * 60 * 1000;

/** How often the file is looked at for the token of whoever was quicker, and how long between, in milliseconds. */
const REREADS = 3;
const PAUSE_MS = 200;

/** Whose token is still good waits no longer than that for another process that refreshes it, in milliseconds. */
const EARLY_WAIT_MS = 2000;

/** Refusals after which nothing but a login helps. Source: RFC 6749, 5.2; RFC 8628, 3.5. */
const OVER: ReadonlySet<string> = new Set([
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "expired_token",
  "access_denied",
]);

/** An access token of a session of Identity Center. */
export interface SsoAccessToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Whether another can be got when it ends, as far as we know. */
  readonly isRefreshable: boolean;
  /** The file it is from, with its identity; undefined: in doubt. */
  readonly witness: SsoFile["witness"];
}

/**
 * The access token of the plan's session, which AWS's tools keep in one file; refreshed when it is about to end. When that
 * fails, the old one is used up.
 *
 * Throws `sso-logged-out` where there is none, `sso-session-expired` where none can be got any more, and what stands in the
 * way of asking.
 */
export async function ssoAccessToken(plan: SsoPlan, access: IdentityCenterAccess): Promise<SsoAccessToken> {
  return tokenLivingFor(plan, REFRESH_BELOW_MS, access);
}

/** The same, refreshed when it ends within `leftMs`. */
export async function tokenLivingFor(
  plan: SsoPlan,
  leftMs: number,
  access: IdentityCenterAccess,
): Promise<SsoAccessToken> {
  const file = ssoFile(plan.tokenFile, access.homeDir);
  const found = await readSession(plan, file, access);
  const { token } = found;
  const now = access.clock();
  if (token.expires - now > leftMs) return usable(found, now);
  if (canRefresh(token, now)) {
    try {
      return usable(
        await refreshSession(plan, { file, leftMs, isUrgent: token.expires <= now }, access),
        access.clock(),
      );
    } catch (error) {
      if (token.expires <= now || isInterruption(error)) throw error;
      debug(`the token of ${plan.tokenFile} was not refreshed: ${reasonOf(error)}`);
    }
  }
  if (token.expires <= now) throw sessionEnded(plan, "its token has ended, and cannot be refreshed");
  return usable(found, now);
}

function isInterruption(error: unknown): boolean {
  return !(error instanceof VouchError) || error.code === "interrupted";
}

/** Whether another token could be got: neither the client nor what it shows is over, as far as we know. */
export function canRefresh(token: SsoToken, now: number): token is SsoToken & { readonly refresh: Refresh } {
  return token.refresh !== undefined && token.refresh.client.expires > now;
}

interface Session {
  readonly token: SsoToken;
  readonly witness: SsoFile["witness"];
}

function usable({ token, witness }: Session, now: number): SsoAccessToken {
  const { accessToken, expires } = token;
  return { accessToken, expires, isRefreshable: canRefresh(token, now), witness };
}

async function readSession(plan: SsoPlan, file: string, access: IdentityCenterAccess): Promise<Session> {
  const { content, witness } = await readSsoFile(file, access);
  if (content === undefined) throw loggedOut(plan);
  if (content === "torn") throw loggedOut(plan, `${file} is empty, or no JSON`);
  const token = readSsoToken(content);
  if (token === undefined)
    throw loggedOut(plan, `${file} has no accessToken with an expiresAt that is a time`);
  return { token, witness };
}

/** One refresh for all processes of ours that ask at once: whoever waits finds what the first one got. */
function refreshSession(
  plan: SsoPlan,
  { file, leftMs, isUrgent }: { readonly file: string; readonly leftMs: number; readonly isUrgent: boolean },
  access: IdentityCenterAccess,
): Promise<Session> {
  const patience = isUrgent ? {} : { waitMs: EARLY_WAIT_MS };
  return withSsoFileLocked(file, { ...access, ...patience }, async () => {
    const current = await readSession(plan, file, access);
    const { token } = current;
    if (token.expires - access.clock() > leftMs || !canRefresh(token, access.clock())) return current;
    const { client, refreshToken } = token.refresh;
    const proof = { grant: "refresh", refreshToken } as const;
    const created = await createToken({ region: plan.region, client, proof }, access);
    if ("refused" in created) return otherWinner(plan, { file, token, created }, access);
    const content = refreshedSession(token, created.token);
    writeSsoFile(file, content);
    // Written this very moment: nobody can tell yet whether somebody writes once more.
    return { token: { ...token, ...created.token, members: content }, witness: undefined };
  });
}

type Refused = Extract<Created, { readonly refused: string }>;

/** A refresh token is good once. When ours is not, another program may have been quicker, and is writing what it got. */
async function otherWinner(
  plan: SsoPlan,
  { file, token, created }: { readonly file: string; readonly token: SsoToken; readonly created: Refused },
  access: IdentityCenterAccess,
): Promise<Session> {
  const { refused, answer } = created;
  if (!OVER.has(refused)) throw serviceError(answer, CREATE_TOKEN);
  const ended = sessionEnded(plan, `AWS does not refresh it: ${refusalOf(answer).words}`);
  if (refused !== "invalid_grant") throw ended;
  for (let look = 1; look <= REREADS; look += 1) {
    const now = await readSession(plan, file, access);
    if (now.token.accessToken !== token.accessToken && now.token.expires > access.clock()) return now;
    if (look < REREADS) await pause(PAUSE_MS, systemTimers, access.signal);
  }
  throw ended;
}
