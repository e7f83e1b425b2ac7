import { VouchError } from "../errors/errors.ts";

/** Limits of one exchange with a server. */
export interface ExchangeLimits {
  /** Milliseconds to connect, including the TLS handshake. */
  readonly connectMs: number;
  /** Milliseconds for the whole exchange, including the last byte of the answer. */
  readonly totalMs: number;
  /** The largest body that is read, in bytes. */
  readonly bodyBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Headers of an answer, of a proxy's answer, and trailers, in bytes each. This is Node's default, set explicitly so that it
 * stays.
 */
export const HEADER_BYTES = 16 * KIB;

/**
 * The Vouch server. Source: token/vouch/VOUCH-PROTOCOL.md, "Times"; its answers never have more than a few thousand bytes.
 */
export const VOUCH_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 10_000, bodyBytes: 256 * KIB };

/** Limits of one call to AWS. Those of the exchange apply to each attempt. */
export interface AwsLimits extends ExchangeLimits {
  /** Attempts of one call, including the first. */
  readonly attempts: number;
  /** Milliseconds for the whole call, with all attempts and the pauses between them. */
  readonly callMs: number;
}

/** STS, EKS and IAM: a page has at most a hundred names, and a role's policies some ten thousand bytes. */
export const AWS_LIMITS: AwsLimits = {
  attempts: 3,
  connectMs: 5000,
  totalMs: 15_000,
  callMs: 30_000,
  bodyBytes: MIB,
};

/** A doctor sends many requests at once and does not wait long for any. */
export const DOCTOR_AWS_LIMITS: AwsLimits = {
  ...AWS_LIMITS,
  attempts: 2,
  connectMs: 3000,
  totalMs: 8000,
  callMs: 11_000,
};

/** A single GET of the doctor: to STS, to the API server, to a clock. */
export const DOCTOR_GET_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 8000, bodyBytes: 256 * KIB };

/** A review of the Kubernetes API: one small object. */
export const REVIEW_LIMITS: ExchangeLimits = { connectMs: 5000, totalMs: 10_000, bodyBytes: 256 * KIB };

/** Reads from the Kubernetes API: a page of five hundred roles has about a megabyte. */
export const KUBERNETES_LIMITS: ExchangeLimits = { ...REVIEW_LIMITS, bodyBytes: 8 * MIB };

/** All answers of one API server to one client, in bytes: lists of roles in pages, and the calls that follow from them. */
export const KUBERNETES_TOTAL_BYTES = 32 * MIB;

/**
 * Pages of one list: no cluster has more than 3,000 access entries, at a hundred per page. Source: doctor/EKS-ACCESS.md, "Access
 * entries".
 */
export const MAX_PAGES = 100;

/** Milliseconds for the pages of one list together. */
export const LIST_MS = 60_000;

/** One page of a list, and the token for the next one; undefined for the last page. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * A complete list, page by page. Throws `server-answer-invalid` if it has too many pages, repeats a page or takes too long: a
 * partial list would pass for a complete one.
 */
export async function allPages<T>(
  server: string,
  read: (next: string | undefined) => Promise<Page<T>>,
  now: () => number = () => performance.now(),
): Promise<T[]> {
  const start = now();
  const found: T[] = [];
  const seen = new Set<string>();
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await read(next);
    found.push(...page.items);
    if (page.next === undefined || page.next === "") return found;
    if (seen.has(page.next)) throw listInvalid(server, "returned the same next page twice");
    if (now() - start > LIST_MS)
      throw listInvalid(server, `did not list everything within ${LIST_MS / 1000} s`);
    seen.add(page.next);
    next = page.next;
  }
  throw listInvalid(server, `returned a list of more than ${MAX_PAGES} pages`);
}

function listInvalid(server: string, what: string): VouchError {
  return new VouchError("server-answer-invalid", `${server} ${what}.`, {
    hint: "Try again. If it fails again, something else might be responding in place of this server.",
  });
}

interface DeadlineOptions {
  readonly host: string;
  readonly connectMs: number;
  readonly totalMs: number;
  readonly signal: AbortSignal | undefined;
  /** The error if something before the host is still keeping us waiting when the time to connect, or all of it, is up. */
  readonly held?: ((waitedMs: number) => VouchError | undefined) | undefined;
}

/** Ends one request when its time is up or the user interrupts it, and knows which of these it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Stops the timer for connecting; the one for the whole request continues. */
  connected(): void;
  /** Why we ended the request, if we did. */
  reason(): VouchError | undefined;
  /** Stops both timers and closes the connection. */
  close(): void;
}

export function deadline({ host, connectMs, totalMs, signal, held }: DeadlineOptions): Deadline {
  const control = new AbortController();
  let reason: VouchError | undefined;
  const end = (error: VouchError) => {
    reason ??= error;
    control.abort();
  };
  const interrupt = () => end(new VouchError("interrupted", `The request to ${host} was interrupted.`));
  const late = (what: string, ms: number) => {
    const message = `${host} did not ${what} within ${ms / 1000} s.`;
    end(held?.(ms) ?? new VouchError("server-unreachable", message, { cause: timeoutError(message) }));
  };

  const connecting = setTimeout(() => late("accept a connection", connectMs), connectMs);
  const whole = setTimeout(() => late("answer", totalMs), totalMs);
  if (signal?.aborted === true) interrupt();
  else signal?.addEventListener("abort", interrupt, { once: true });

  return {
    signal: control.signal,
    connected: () => clearTimeout(connecting),
    reason: () => reason,
    close() {
      clearTimeout(connecting);
      clearTimeout(whole);
      signal?.removeEventListener("abort", interrupt);
      control.abort();
    },
  };
}

/** An error with the name by which the AWS SDK, and others, recognize a timeout. */
export function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { name: "TimeoutError" });
}

/** The timeout that caused an error of ours, if one did. */
export function timeoutBehind(error: unknown): Error | undefined {
  const cause = error instanceof VouchError ? error.cause : error;
  return cause instanceof Error && cause.name === "TimeoutError" ? cause : undefined;
}
