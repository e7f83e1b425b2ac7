import { type ClusterRecord, readClusterRecord } from "./cluster-record.ts";

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
    const { key, token, expires, cluster } = value as Record<string, unknown>;
    if (typeof key !== "string" || typeof token !== "string" || typeof expires !== "number") return undefined;
    if (!token.startsWith(TOKEN_PREFIX) || !(expires >= 0 && expires <= LAST_TIME)) return undefined;
    if (cluster === undefined) return { key, token, expires };
    const record = readClusterRecord(cluster);
    return record === undefined ? undefined : { key, token, expires, cluster: record };
  } catch {
    return undefined;
  }
}
