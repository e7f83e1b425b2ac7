import { type ClusterRecord, readClusterRecord } from "./cluster-record.ts";

/** A file that a token was made from, with its identity then, as `Host.identity` has it. */
export type Witness = readonly [path: string, identity: string];

/** A token in the cache. */
export interface CachedToken {
  /** The whole key it answers. */
  readonly key: string;
  /** `k8s-aws-v1.…` */
  readonly token: string;
  /** When a client should stop using it, in milliseconds since 1970; our margin is off already. */
  readonly expires: number;
  /** The API server it may be sent to, where setup recorded one. */
  readonly cluster?: ClusterRecord;
  /** Of an AWS profile's token: digest of all that decided whose it is. The same digest, the same token. */
  readonly source?: string;
  /** Of an AWS profile's token: all files it was made from. Without them it answers no warm call. */
  readonly witnesses?: readonly Witness[];
}

/** What EKS tokens begin with. Source: token/eks/EKS-TOKEN.md, "Format". */
export const TOKEN_PREFIX = "k8s-aws-v1.";

/** The last moment an ExecCredential can tell, in milliseconds since 1970: RFC 3339 ends with the year 9999. */
const LAST_TIME = Date.UTC(10_000, 0, 1) - 1;

/** Reads a cache file. Undefined when it is not what a mint writes. */
export function readCachedToken(text: string): CachedToken | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { key, token, expires, cluster, source, witnesses } = value as Record<string, unknown>;
    if (typeof key !== "string" || typeof token !== "string" || typeof expires !== "number") return undefined;
    if (!token.startsWith(TOKEN_PREFIX) || !(expires >= 0 && expires <= LAST_TIME)) return undefined;
    if (!isText(source) || !isWitnesses(witnesses)) return undefined;
    const record = cluster === undefined ? undefined : readClusterRecord(cluster);
    if (cluster !== undefined && record === undefined) return undefined;
    return {
      key,
      token,
      expires,
      ...(record === undefined ? {} : { cluster: record }),
      ...(source === undefined ? {} : { source }),
      ...(witnesses === undefined ? {} : { witnesses }),
    };
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isWitnesses(value: unknown): value is readonly Witness[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every(isWitness));
}

function isWitness(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");
}
