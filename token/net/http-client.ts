import type http from "node:http";
import type { Clock } from "../clock.ts";
import type { Env } from "../env.ts";
import { httpsAgent } from "./https-agent.ts";
import { VOUCH_LIMITS } from "./limits.ts";
import { networkError } from "./network-error.ts";
import { sendRequest } from "./send-request.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Our clock before and after the exchange, epoch ms; compared with the answer's Date it reveals a wrong clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * Sends one small request and reads the complete answer. A redirect is an answer like any other, and is never followed, because
 * it would carry our credentials elsewhere.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpClientOptions {
  readonly env: Env;
  /** PEM file of the authorities trusted besides those built in. */
  readonly caBundle: string | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Override the usual limits. */
  readonly connectMs?: number;
  readonly totalMs?: number;
}

export function httpClient(options: HttpClientOptions): HttpClient {
  const { env, caBundle, clock, signal, connectMs, totalMs } = options;
  const limits = {
    ...VOUCH_LIMITS,
    ...(connectMs === undefined ? {} : { connectMs }),
    ...(totalMs === undefined ? {} : { totalMs }),
  };

  return async (request) => {
    const agent = (ends: AbortSignal) => httpsAgent({ env, caBundle, target: request.url, signal: ends });
    try {
      const answer = await sendRequest({ ...request, agent }, { limits, clock, signal });
      return { ...answer, body: answer.body.toString("utf8") };
    } catch (error) {
      throw networkError(error, request.url.host);
    }
  };
}
