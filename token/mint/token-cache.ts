import fs from "node:fs";
import { debug, goodFor } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import { namesIn } from "../files/names-in.ts";
import { writeFileAtomically } from "../files/private-file.ts";
import { type CachedToken, readCachedToken } from "../hot/cached-token.ts";
import type { ClusterRecord } from "../hot/cluster-record.ts";
import { fnv32 } from "../hot/fnv.ts";
import { sessionFolder, tokenFile } from "../hot/state-files.ts";
import { lossyText } from "./lossy-text.ts";
import type { TokenRequest } from "./token-request.ts";

/** The cached token that answers the request now, or undefined. */
export function findToken(
  state: string,
  { session, key }: TokenRequest,
  now: number,
): CachedToken | undefined {
  const text = lossyText(tokenFile(sessionFolder(state, session.id), fnv32(key)));
  const cached = text === undefined ? undefined : readCachedToken(text);
  const answer = cached?.key === key && cached.expires > now ? cached : undefined;
  const why =
    answer === undefined ? `miss, ${whyMissed(cached, key)}` : `hit, ${goodFor(answer.expires - now)}`;
  debug(`token cache: ${why}`);
  return answer;
}

function whyMissed(cached: CachedToken | undefined, key: string): string {
  if (cached === undefined) return "no token is cached for this call";
  return cached.key === key ? "the cached token has expired" : "the cached token is for another call";
}

/**
 * Keeps a token, where the disk takes it. Throws `logged-out` when the session's folder is gone: it is never recreated
 * here.
 */
export function keepToken(state: string, { session, key, server }: TokenRequest, token: CachedToken): void {
  try {
    writeFileAtomically(tokenFile(sessionFolder(state, session.id), fnv32(key)), JSON.stringify(token));
  } catch (error) {
    debug(`token cache: not kept, ${reasonOf(error)}`);
  }
  if (!fs.existsSync(sessionFolder(state, session.id))) {
    throw new VouchError("logged-out", `${session.identity} was logged out of ${server} meanwhile.`);
  }
}

/** A token in the cache, for people: no secret. */
export interface CacheEntry {
  readonly sessionId: string;
  readonly file: string;
  readonly server: string;
  readonly identity: string;
  readonly role: string;
  readonly region: string;
  readonly cluster: string;
  readonly agent: string | null;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** The API server it may be sent to, where one was recorded when it was minted. */
  readonly record?: ClusterRecord;
}

/** All tokens in the cache, expired ones too. */
export function listTokens(state: string): CacheEntry[] {
  return tokenFiles(state).flatMap(({ sessionId, file }) => {
    const cached = readCachedToken(lossyText(file) ?? "");
    return cached === undefined ? [] : [entryOf(cached, sessionId, file)];
  });
}

/** The files of all tokens, also of those that nobody believes. */
export function tokenFiles(state: string): Pick<CacheEntry, "sessionId" | "file">[] {
  return namesIn(`${state}/sessions`).flatMap((sessionId) =>
    namesIn(sessionFolder(state, sessionId))
      .filter((name) => name.startsWith("token-") && name.endsWith(".json"))
      .map((name) => ({ sessionId, file: `${sessionFolder(state, sessionId)}/${name}` })),
  );
}

/** Removes a token from the cache. Throws `file-unwritable` when it is still there. */
export function removeToken({ file }: Pick<CacheEntry, "file">): void {
  try {
    fs.rmSync(file, { force: true });
  } catch (error) {
    throw new VouchError("file-unwritable", `${file} could not be removed: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function entryOf(
  { key, expires, cluster: record }: CachedToken,
  sessionId: string,
  file: string,
): CacheEntry {
  const [, server, identity, , role, , , region, cluster, , , agent] = keyParts(key);
  return {
    sessionId,
    file,
    server: server ?? "",
    identity: identity ?? "",
    role: role ?? "",
    region: region ?? "",
    cluster: cluster ?? "",
    agent: agent ?? null,
    expires,
    ...(record === undefined ? {} : { record }),
  };
}

/** None of a key that is not ours, or of another version's form. */
function keyParts(key: string): readonly (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts.map((part) => (typeof part === "string" ? part : undefined)) : [];
  } catch {
    return [];
  }
}
