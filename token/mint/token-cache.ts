import fs from "node:fs";
import { debug, goodFor } from "../debug.ts";
import { reasonOf } from "../errors/errors.ts";
import { unwritable } from "../files/file-errors.ts";
import { namesIn } from "../files/folders.ts";
import { lossyText } from "../files/plain-file.ts";
import { writeFileAtomically } from "../files/private-file.ts";
import { deleteFile } from "../files/sharing.ts";
import { type CachedToken, isValidNow, readCachedToken } from "../hot/cached-token.ts";
import type { ClusterRecord } from "../hot/cluster-record.ts";
import { fnv32 } from "../hot/fnv.ts";
import { SOURCE_MARK } from "../hot/key.ts";
import { profilesFolder, sessionFolder, tokenFile } from "../hot/state-files.ts";
import type { CredentialsSource } from "./mint-source.ts";

/** Where tokens are kept, and which credentials they must be from. */
type TokenPlace = Pick<CredentialsSource, "folder" | "digest" | "gone">;

/** The cached token that currently answers the key, or undefined. */
export function findToken({ folder, digest }: TokenPlace, key: string, now: number): CachedToken | undefined {
  const text = lossyText(tokenFile(folder, fnv32(key)));
  const cached = text === undefined ? undefined : readCachedToken(text);
  const why = whyMissed(cached, { key, digest, now });
  debug(
    `token cache: ${cached !== undefined && why === undefined ? `hit, ${goodFor(cached.expires - now)}` : `miss, ${why}`}`,
  );
  return why === undefined ? cached : undefined;
}

function whyMissed(
  cached: CachedToken | undefined,
  wanted: { readonly key: string; readonly digest: string | undefined; readonly now: number },
): string | undefined {
  if (cached === undefined) return "no token is cached for this call";
  if (cached.key !== wanted.key) return "the cached token is for a different call";
  if (cached.expires <= wanted.now) return "the cached token has expired";
  if (!isValidNow(cached, wanted.now)) return "the cached token was minted while the clock was ahead";
  return cached.source === wanted.digest ? undefined : "the cached token belongs to different credentials";
}

/** Keeps a token, if the disk permits. Throws `gone` if the folder is missing: it is never created here. */
export function keepToken({ folder, gone }: TokenPlace, token: CachedToken): void {
  try {
    writeFileAtomically(tokenFile(folder, fnv32(token.key)), JSON.stringify(token));
  } catch (error) {
    debug(`token cache: not stored, ${reasonOf(error)}`);
  }
  if (gone !== undefined && !fs.existsSync(folder)) throw gone();
}

/** A token in the cache, for display: not secret. */
export type CacheEntry = SessionEntry | ProfileEntry;

interface EntryParts {
  readonly file: string;
  readonly region: string;
  readonly cluster: string;
  /** ID of a local cluster on an Outpost. */
  readonly clusterId?: string;
  readonly agent: string | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** The API server it may be sent to, if one was recorded when it was minted. */
  readonly record?: ClusterRecord;
}

interface SessionEntry extends EntryParts {
  readonly server: string;
  readonly identity: string;
  readonly role: string;
}

interface ProfileEntry extends EntryParts {
  /** Undefined: the token is of the environment. */
  readonly profile: string | undefined;
  /** Undefined: the token is of the profile itself. */
  readonly role: string | undefined;
}

/** All tokens in the cache, including expired ones. */
export function listTokens(state: string): CacheEntry[] {
  return tokenFiles(state).flatMap((file) => {
    const cached = readCachedToken(lossyText(file) ?? "");
    return cached === undefined ? [] : [entryOf(cached, file)];
  });
}

/** The files of all tokens, also of those that are not trusted. */
export function tokenFiles(state: string): string[] {
  const sessions = namesIn(`${state}/sessions`).map((sessionId) => sessionFolder(state, sessionId));
  return [...sessions, profilesFolder(state)].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith("token-") && name.endsWith(".json"))
      .map((name) => `${folder}/${name}`),
  );
}

/** Removes a token's file. Throws `file-unwritable` if it is still there. */
export function removeToken(file: string): void {
  try {
    deleteFile(file);
  } catch (error) {
    throw unwritable(file, error, `${file} could not be removed`);
  }
}

function entryOf({ key, expires, cluster: record }: CachedToken, file: string): CacheEntry {
  const parts = keyParts(key);
  const common = { file, expires, ...(record === undefined ? {} : { record }) };
  if (parts[1] === SOURCE_MARK) {
    const [, , profile, role, , region = "", cluster = "", , , agent, clusterId] = parts;
    return { ...common, ...idOf(clusterId), profile, role, region, cluster, agent };
  }
  const [, server = "", identity = "", , role = "", , , region = "", cluster = "", , , agent, clusterId] =
    parts;
  return { ...common, ...idOf(clusterId), server, identity, role, region, cluster, agent };
}

function idOf(clusterId: string | undefined): Pick<EntryParts, "clusterId"> {
  return clusterId === undefined ? {} : { clusterId };
}

/** Empty for a key that is not ours, or in the form of another version. */
function keyParts(key: string): readonly (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts.map((part) => (typeof part === "string" ? part : undefined)) : [];
  } catch {
    return [];
  }
}
