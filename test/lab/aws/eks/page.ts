import { invalidParameter } from "./call.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | null;
}

/** Most items of one answer, and what a caller gets who does not say. Source: EKS service model. */
const PAGE_SIZE = 100;

/** One page of a list; the token says where the next one begins and means nothing to callers. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): Page<T> {
  const size = Number(query.get("maxResults") ?? PAGE_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    throw invalidParameter(`maxResults must be between 1 and ${PAGE_SIZE}`);
  }
  const start = startOf(query.get("nextToken"));
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`from:${end}`).toString("base64url") : null,
  };
}

function startOf(token: string | null): number {
  if (token === null) return 0;
  const [, start] = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  if (start === undefined) throw invalidParameter("The provided nextToken is invalid");
  return Number(start);
}
