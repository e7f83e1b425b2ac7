import type { IncomingHttpHeaders } from "node:http";
import { sendRequest } from "../../../token/net/http-client.ts";
import { DOCTOR_GET_LIMITS, type ExchangeLimits } from "../../../token/net/limits.ts";
import type { Clock } from "../../../token/timers.ts";
import { type TlsRoute, tlsRoute } from "./tls-route.ts";

export interface GetRequest extends TlsRoute {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits?: ExchangeLimits;
}

export interface GetAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Our clock before and after the exchange, in epoch milliseconds. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * One GET. Certificates are always checked; a redirect counts as an answer. Rejects with a `VouchError` if one of our limits
 * ended it, otherwise with Node's own error.
 */
export async function getOverTls({
  url,
  headers,
  clock,
  signal,
  limits = DOCTOR_GET_LIMITS,
  ...route
}: GetRequest): Promise<GetAnswer> {
  const answer = await sendRequest(
    { method: "GET", url, headers: { Host: url.host, ...headers }, ...tlsRoute({ url, ...route }) },
    { limits, clock, signal },
  );
  return { ...answer, body: answer.body.toString("utf8") };
}
