import { type ClusterRecord, readClusterRecord } from "./cluster-record.ts";

/** A file that a token was made from, with its identity then, as `Host.identity` has it. */
export type Witness = readonly [path: string, identity: string];

/** A token in the cache. */
export interface CachedToken {
  /** The complete key that it answers. */
  readonly key: string;
  /** `k8s-aws-v1.…` */
  readonly token: string;
  /** When a client should stop using it, in milliseconds since 1970; our margin is already subtracted. */
  readonly expires: number;
  /** The API server it may be sent to, if setup recorded one. */
  readonly cluster?: ClusterRecord;
  /** The client must say that it calls this server: `requireClusterInfo` was set where no exec block leads. */
  readonly requiresCluster?: true;
  /** For a token by an AWS profile: digest of everything that determines whose it is. Same digest, same token. */
  readonly source?: string;
  /** For a token by an AWS profile: all files it was made from. Without them it answers no warm call. */
  readonly witnesses?: readonly Witness[];
}

/** The prefix of EKS tokens. Source: token/eks/EKS-TOKEN.md, "Format". */
export const TOKEN_PREFIX = "k8s-aws-v1.";

/**
 * The longest time that a token can still be valid, in milliseconds: 15 minutes less our margin. One with more left was minted while
 * the clock was ahead, and EKS rejects it: it is signed in the future. Source: token/eks/EKS-TOKEN.md, "Lifetimes".
 */
const LONGEST_LEFT_MS = 14 * 60_000;

/** The latest time that an ExecCredential can express, in milliseconds since 1970: RFC 3339 ends with the year 9999. */
const LAST_TIME = Date.UTC(10_000, 0, 1) - 1;

/** Whether a token is valid now, as far as the clock tells. */
export function isValidNow({ expires }: CachedToken, now: number): boolean {
  return expires > now && expires - now <= LONGEST_LEFT_MS;
}

/** Reads a cache file. Undefined if it is not in the form that a mint writes. */
export function readCachedToken(text: string): CachedToken | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isCachedToken(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCachedToken(value: unknown): value is CachedToken {
  if (typeof value !== "object" || value === null) return false;
  const { key, token, expires, cluster, requiresCluster, source, witnesses } = value as Record<
    string,
    unknown
  >;
  return (
    typeof key === "string" &&
    typeof token === "string" &&
    token.startsWith(TOKEN_PREFIX) &&
    typeof expires === "number" &&
    expires >= 0 &&
    expires <= LAST_TIME &&
    (cluster === undefined || readClusterRecord(cluster) !== undefined) &&
    (requiresCluster === undefined || requiresCluster === true) &&
    (source === undefined || typeof source === "string") &&
    (witnesses === undefined || (Array.isArray(witnesses) && witnesses.every(isWitness)))
  );
}

function isWitness(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "string"
  );
}
