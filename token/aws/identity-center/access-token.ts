import { textMember } from "../../record.ts";
import { type BearerAccess, refusalOf, serviceError } from "../bearer-call.ts";
import type { SsoPlace } from "../sources/plan-kinds.ts";
import {
  livingToken,
  type Refreshed,
  readTokenFile,
  type TokenFile,
  type TokenPlace,
} from "../token-file.ts";
import { CREATE_TOKEN, createToken } from "./oidc-calls.ts";
import { loggedOut, logInHint, placeName, sessionEnded, tokenEnded } from "./session-errors.ts";
import { type Refresh, readSsoToken, type SsoToken, ssoFile, tokenMembers } from "./sso-token.ts";
import { plainStartUrl } from "./start-url.ts";

/**
 * A token with less time left than this is refreshed, in milliseconds, as the SDKs do. Source: doctor/AWS-CREDENTIALS.md,
 * "Identity Center".
 */
const REFRESH_BELOW_MS = 5 * 60 * 1000;

/** Refusals after which only a login helps. Source: RFC 6749, 5.2; RFC 8628, 3.5. */
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
  /** Whether it can be refreshed when it ends, as far as we know. */
  readonly isRefreshable: boolean;
  /** The file it comes from, with its identity; undefined if in doubt. */
  readonly witness: TokenFile["witness"];
}

/**
 * The access token of the plan's session, which AWS's tools keep in one file; refreshed when it is about to end. If that fails,
 * the old one is used until it ends.
 *
 * Throws `sso-logged-out` if there is none, `sso-session-expired` if it can no longer be refreshed, and whatever prevents
 * asking AWS.
 */
export async function ssoAccessToken(plan: SsoPlace, access: BearerAccess): Promise<SsoAccessToken> {
  return tokenLivingFor(plan, REFRESH_BELOW_MS, access);
}

/** The access token of a session, refreshed if it ends within `leftMs`. */
export async function tokenLivingFor(
  plan: SsoPlace,
  leftMs: number,
  access: BearerAccess,
): Promise<SsoAccessToken> {
  const { token, witness } = await livingToken(sessionPlace(plan, access), leftMs, access);
  const { accessToken, expires } = token;
  return { accessToken, expires, isRefreshable: canRefresh(token, access.clock()), witness };
}

/** Whether the file of the session has a token of a different start URL: one of another session with the same name. */
export async function isOfOtherPlace(
  { tokenFile, startUrl }: Pick<SsoPlace, "tokenFile" | "startUrl">,
  access: Pick<BearerAccess, "homeDir" | "clock" | "signal">,
): Promise<boolean> {
  const { content } = await readTokenFile(ssoFile(tokenFile, access.homeDir), access);
  const kept = textMember(readSsoToken(content)?.members, "startUrl");
  return kept !== undefined && plainStartUrl(kept) !== plainStartUrl(startUrl);
}

/** Whether the token can be refreshed, as far as we know: it has a refresh token, and the registered client has not expired. */
export function canRefresh(token: SsoToken, now: number): token is SsoToken & { readonly refresh: Refresh } {
  return token.refresh !== undefined && token.refresh.client.expires > now;
}

function sessionPlace(plan: SsoPlace, access: BearerAccess): TokenPlace<SsoToken> {
  return {
    file: ssoFile(plan.tokenFile, access.homeDir),
    name: `the session of ${placeName(plan)}`,
    hint: logInHint(plan),
    read: (members) => readSsoToken(members) ?? "does not contain an accessToken with a valid expiresAt",
    loggedOut: (why) => loggedOut(plan, why),
    ended: () => sessionEnded(plan, "its token has expired and cannot be refreshed"),
    notRefreshed: () => tokenEnded(plan),
    refresh: (token) =>
      canRefresh(token, access.clock())
        ? (signal) => askForToken(plan, token.refresh, { ...access, signal })
        : undefined,
  };
}

async function askForToken(
  plan: SsoPlace,
  { client, refreshToken }: Refresh,
  access: BearerAccess,
): Promise<Refreshed> {
  const proof = { grant: "refresh", refreshToken } as const;
  const created = await createToken({ region: plan.region, client, proof }, access);
  if ("token" in created) return { given: tokenMembers(created.token) };
  const { refused, answer } = created;
  if (!OVER.has(refused)) throw serviceError(answer, CREATE_TOKEN);
  const ended = sessionEnded(plan, `AWS did not refresh it: ${refusalOf(answer).words}`);
  if (refused === "invalid_grant") return { usedUp: ended };
  throw ended;
}
