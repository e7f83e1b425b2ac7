import path from "node:path";
import { isRecord, type JsonRecord, textMember } from "../../record.ts";
import { timestamp } from "../../text/time.ts";
import { readExpiration } from "../aws-credentials.ts";
import type { FileToken } from "../token-file.ts";

/**
 * Where AWS's tools keep tokens and clients; there is no variable for another folder. Source: doctor/AWS-CREDENTIALS.md, "Cache
 * files".
 */
export function ssoFile(name: string, homeDir: string): string {
  return path.join(homeDir, ".aws", "sso", "cache", name);
}

/** A session of Identity Center, as AWS's tools keep it in a file. Secret as a whole. */
export interface SsoToken extends FileToken {
  readonly accessToken: string;
  /** Undefined: it cannot be refreshed. */
  readonly refresh: Refresh | undefined;
}

/** What is needed to get another access token. */
export interface Refresh {
  readonly refreshToken: string;
  readonly client: SsoClient;
}

/** A registered client, and when its registration ends. */
export interface SsoClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** The result of CreateToken. */
export interface NewToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Undefined: the previous one, if there is any, stays valid. Source: RFC 6749, 6. */
  readonly refreshToken: string | undefined;
}

/**
 * A session from its file. Undefined if the JSON is none (editors keep other files in the same folder) or does not say when it
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

/** A client from its stored form; `end` names the member that says when its registration ends. */
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

/** A new token as members of the file. */
export function tokenMembers({ accessToken, expires, refreshToken }: NewToken): JsonRecord {
  return {
    accessToken,
    expiresAt: timestamp(expires),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

/** A new session, as the AWS CLI writes it. `startUrl` is as in the profile. */
export function newSession(
  {
    startUrl,
    region,
    client,
  }: { readonly startUrl: string; readonly region: string; readonly client: SsoClient },
  token: NewToken,
): JsonRecord {
  return {
    startUrl,
    region,
    ...tokenMembers(token),
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: timestamp(client.expires),
  };
}

function timeMember(members: JsonRecord, name: string): number | undefined {
  const text = textMember(members, name);
  return text === undefined ? undefined : readExpiration(text);
}
