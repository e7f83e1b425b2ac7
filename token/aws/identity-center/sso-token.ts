import { isRecord } from "../../record.ts";
import { type JsonRecord, textMember } from "../../vouch/json-record.ts";
import { readExpiration } from "../expiration.ts";

/** A session of Identity Center, as AWS's tools keep it in a file. Secret as a whole. */
export interface SsoToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Undefined: nobody can get another access token for it. */
  readonly refresh: Refresh | undefined;
  /** All that the file says, also what we know nothing of. */
  readonly members: JsonRecord;
}

/** What another access token is got with. */
export interface Refresh {
  readonly refreshToken: string;
  readonly client: SsoClient;
}

/** A client that was registered, and how long it is one. */
export interface SsoClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What CreateToken gives. */
export interface NewToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Undefined: the one before, if there is any, stays good. Source: RFC 6749, 6. */
  readonly refreshToken: string | undefined;
}

/**
 * A session from its file; undefined for JSON that is none, as editors keep in the same folder, or that does not say when it
 * ends.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Identity Center".
 */
export function readSsoToken(value: unknown): SsoToken | undefined {
  if (!isRecord(value)) return undefined;
  const accessToken = textMember(value, "accessToken");
  const expires = timeMember(value, "expiresAt");
  if (accessToken === undefined || expires === undefined) return undefined;
  return { accessToken, expires, refresh: readRefresh(value), members: value };
}

function readRefresh(members: JsonRecord): Refresh | undefined {
  const refreshToken = textMember(members, "refreshToken");
  const client = readSsoClient(members, "registrationExpiresAt");
  return refreshToken === undefined || client === undefined ? undefined : { refreshToken, client };
}

/** A client from what is kept of it; `end` names the member that says how long it is one. */
export function readSsoClient(
  members: JsonRecord,
  end: "expiresAt" | "registrationExpiresAt",
): SsoClient | undefined {
  const clientId = textMember(members, "clientId");
  const clientSecret = textMember(members, "clientSecret");
  const expires = timeMember(members, end);
  if (clientId === undefined || clientSecret === undefined || expires === undefined) return undefined;
  return { clientId, clientSecret, expires };
}

/** The session after a refresh: what we know nothing of stays. */
export function refreshedSession(
  { members }: SsoToken,
  { accessToken, expires, refreshToken }: NewToken,
): JsonRecord {
  return {
    ...members,
    accessToken,
    expiresAt: ssoTime(expires),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

/** A session that begins, as the AWS CLI writes it. `startUrl` is as the profile has it. */
export function newSession(
  {
    startUrl,
    region,
    client,
  }: { readonly startUrl: string; readonly region: string; readonly client: SsoClient },
  { accessToken, expires, refreshToken }: NewToken,
): JsonRecord {
  return {
    startUrl,
    region,
    accessToken,
    expiresAt: ssoTime(expires),
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: ssoTime(client.expires),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

/** `2026-01-15T12:00:00Z`, for all readers. */
export function ssoTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

function timeMember(members: JsonRecord, name: string): number | undefined {
  const text = textMember(members, name);
  return text === undefined ? undefined : readExpiration(text);
}
