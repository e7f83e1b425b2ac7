import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock } from "../clock.ts";
import type { Env } from "../env.ts";
import { VouchError } from "../errors.ts";
import { type Deadline, deadline } from "./deadline.ts";
import { httpsAgent } from "./https-agent.ts";
import { networkError } from "./network-error.ts";

/** Milliseconds to connect, the TLS handshake included. Source: vouch-protocol, 6.3 (credential client). */
const CONNECT_MS = 5_000;

/** Milliseconds for the whole request. Source: vouch-protocol, 6.3 (credential client). */
const TOTAL_MS = 10_000;

/** The largest answer we read, in bytes; what we ask for is never above a few thousand. */
const ANSWER_LIMIT = 256 * 1024;

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
  /** Our clock around the exchange, epoch ms; with the answer's Date it shows a clock that is off. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * Sends one small request and reads the whole answer. A redirect is an answer like any other: it is never followed,
 * because it would carry our credentials elsewhere.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpClientOptions {
  readonly env: Env;
  /** PEM file of the authorities that are trusted besides those built in. */
  readonly caBundle: string | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly connectMs?: number;
  readonly totalMs?: number;
}

export function httpClient(options: HttpClientOptions): HttpClient {
  const { env, caBundle, clock, signal, connectMs = CONNECT_MS, totalMs = TOTAL_MS } = options;

  return async (request) => {
    const { host } = request.url;
    const limits = deadline({ host, connectMs, totalMs, signal });
    try {
      const agent = httpsAgent({ env, caBundle, target: request.url, signal: limits.signal });
      const sentAt = clock();
      const response = await responseTo(request, agent, limits);
      const receivedAt = clock();
      const body = await bodyOf(response, host);
      return { status: response.statusCode ?? 0, headers: response.headers, body, sentAt, receivedAt };
    } catch (error) {
      throw limits.reason() ?? networkError(error, host);
    } finally {
      limits.close();
    }
  };
}

function responseTo(request: HttpRequest, agent: http.Agent, limits: Deadline): Promise<IncomingMessage> {
  const { method, url, headers, body } = request;
  const start = url.protocol === "https:" ? https.request : http.request;

  return new Promise((resolve, reject) => {
    const sent = start(url, { method, headers: { ...headers }, agent, signal: limits.signal });
    sent.on("error", reject);
    sent.once("response", resolve);
    noteConnected(sent, limits);
    sent.end(body);
  });
}

function noteConnected(sent: ClientRequest, limits: Deadline): void {
  sent.once("socket", (socket: Socket) => {
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => limits.connected());
  });
}

async function bodyOf(response: IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT) {
      throw new VouchError(
        "server-answer-invalid",
        `${host} answered with more than ${ANSWER_LIMIT / 1024} KiB.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
