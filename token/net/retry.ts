import { debug } from "../debug.ts";
import type { HttpAnswer } from "./http-client.ts";

/** Source of all of these: token/vouch/VOUCH-PROTOCOL.md, "Transport" and "Times". */
const RETRIES = 3;
const BACKOFF_BASE_MS = 1_000;
const WAIT_CAP_MS = 30_000;
const RATE_LIMITED_MS = 2_000;

/** All waits of one call together, in milliseconds; if the server asks for more, its answer is returned as the final one. */
const WAITS_MS = 30_000;

export interface RetryOptions {
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to 1, like Math.random. */
  readonly random: () => number;
}

/**
 * Sends until the answer is neither 429 nor 5xx, or three repetitions or half a minute of waiting are used up. For calls that
 * cost nothing to repeat; `send` makes everything fresh each time. A failed connection is not repeated: that has already taken
 * long enough.
 */
export async function withRetries(
  send: () => Promise<HttpAnswer>,
  options: RetryOptions,
): Promise<HttpAnswer> {
  let waited = 0;
  for (let attempt = 0; ; attempt++) {
    const answer = await send();
    const waitMs = retryDelay(answer, attempt, options.random);
    if (waitMs === undefined || waited + waitMs > WAITS_MS) return answer;
    waited += waitMs;
    debug(`HTTP ${answer.status}: trying again in ${Math.round(waitMs)} ms`);
    await options.sleep(waitMs);
  }
}

/** Milliseconds until the next attempt; undefined if this answer is final. 501 means "never", so it is final. */
export function retryDelay(answer: HttpAnswer, attempt: number, random: () => number): number | undefined {
  if (attempt >= RETRIES) return undefined;
  if (answer.status === 429) return Math.min(retryAfter(answer) ?? RATE_LIMITED_MS, WAIT_CAP_MS);
  if (answer.status < 500 || answer.status === 501) return undefined;

  const half = Math.min(BACKOFF_BASE_MS * 2 ** attempt, WAIT_CAP_MS) / 2;
  return half + random() * half;
}

/** The Retry-After header in milliseconds: seconds, or a date. Source: RFC 9110, 10.2.3. */
export function retryAfter(answer: HttpAnswer): number | undefined {
  const value = answer.headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;

  const until = httpDate(value);
  if (until === undefined) return undefined;
  return Math.max(0, until - (httpDate(answer.headers.date) ?? answer.receivedAt));
}

/** The time in a header such as Date or Retry-After, epoch ms. Source: RFC 9110, 5.6.7 (IMF-fixdate). */
export function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value))
    return undefined;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? undefined : moment;
}
