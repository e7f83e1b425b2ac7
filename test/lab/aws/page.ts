import type { AwsFailure } from "./failure.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | null;
}

/** What a caller asks for: how many items, and where to begin; null for what is not given. */
interface PageRequest {
  /** What the service puts on one page at most. */
  readonly most?: number;
  readonly maxResults: string | null;
  readonly nextToken: string | null;
}

/** Most items of one answer, and what a caller gets who does not say. Source: service models of EKS and SSO. */
const PAGE_SIZE = 100;

/** One page of a list; the token says where the next one begins and means nothing to callers. */
export function pageOf<T>(
  items: readonly T[],
  { maxResults, nextToken, most = PAGE_SIZE }: PageRequest,
  refuse: (message: string) => AwsFailure,
): Page<T> {
  const size = Number(maxResults ?? PAGE_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    throw refuse(`maxResults must be between 1 and ${PAGE_SIZE}`);
  }
  const start = startOf(nextToken);
  if (start === undefined) throw refuse("The provided nextToken is invalid");
  const end = start + Math.min(size, most);
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`from:${end}`).toString("base64url") : null,
  };
}

function startOf(token: string | null): number | undefined {
  if (token === null) return 0;
  const [, start] = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  return start === undefined ? undefined : Number(start);
}
