import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debugged } from "../debug.ts";
import type { Env } from "../env.ts";
import { codeOf, VouchError } from "../errors/errors.ts";
import type { Clock } from "../timers.ts";
import { httpsAgent } from "./https-agent.ts";
import { type Deadline, deadline, type ExchangeLimits, HEADER_BYTES, VOUCH_LIMITS } from "./limits.ts";
import { networkError } from "./network-error.ts";
import { TunnelAgent } from "./tunnel-agent.ts";

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
  /** PEM file of the CAs trusted in addition to the built-in ones. */
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

/** What TLS, headers and framing may add to the largest body, in bytes; the sum is then doubled. */
const WIRE_OVERHEAD = 256 * 1024;

/** The maximum number of 1xx answers before the final one. */
const MAX_PROVISIONAL = 10;

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** Path and query exactly as sent; if absent, those of the URL. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** How to connect; it aborts when the signal fires. */
  readonly agent: (signal: AbortSignal) => http.Agent;
  /** Further options of the connection: another host, another name in the certificate. */
  readonly connection?: Pick<
    https.RequestOptions,
    "hostname" | "port" | "servername" | "checkServerIdentity" | "ca"
  >;
}

export interface IncomingAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Our clock before the request and after the answer's headers, epoch ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

interface SendOptions {
  readonly limits: ExchangeLimits;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request and reads the complete answer, within limits of time and size, which are enforced only here, for Vouch, AWS
 * and Kubernetes. Redirects are returned, not followed. Compressed answers, which we do not ask for, are refused.
 *
 * Throws `server-unreachable` if the time is up, `server-answer-invalid` for an answer that is too large or compressed,
 * `interrupted`, and otherwise Node's own error.
 */
export function sendRequest(request: OutgoingRequest, options: SendOptions): Promise<IncomingAnswer> {
  return debugged(
    described(request),
    () => exchange(request, options),
    ({ status }) => status,
  );
}

/** Method, address and AWS's action; nothing else from the query, which may be signed, or from the body. */
function described({ method, url, path = url.pathname + url.search, body }: OutgoingRequest): string {
  const [resource, query = ""] = path.split("?", 2);
  const form = typeof body === "string" ? body : "";
  const [, action] = /(?:^|&)Action=(\w{1,60})/.exec(`${query}&${form}`) ?? [];
  return [method, `${url.origin}${resource}`, action].filter((word) => word !== undefined).join(" ");
}

async function exchange(
  request: OutgoingRequest,
  { limits, clock, signal }: SendOptions,
): Promise<IncomingAnswer> {
  let agent: http.Agent | undefined;
  const held = (waitedMs: number) => (agent instanceof TunnelAgent ? agent.heldBy(waitedMs) : undefined);
  const ends = deadline({ host: request.url.host, ...limits, signal, held });
  try {
    const sentAt = clock();
    agent = request.agent(ends.signal);
    const response = await responseTo(request, { agent, ends });
    const receivedAt = clock();
    const body = await bodyOf(response, request.url, limits.bodyBytes);
    return { status: response.statusCode ?? 0, headers: response.headers, body, sentAt, receivedAt };
  } catch (error) {
    if (ends.reason() !== undefined) throw ends.reason();
    // Source: Node, http, `maxHeaderSize`.
    if (codeOf(error) !== "HPE_HEADER_OVERFLOW") throw error;
    throw answerInvalid(request.url, `returned more than ${HEADER_BYTES / 1024} KiB of headers`);
  } finally {
    ends.close();
  }
}

function responseTo(
  request: OutgoingRequest,
  { agent, ends }: { readonly agent: http.Agent; readonly ends: Deadline },
): Promise<IncomingMessage> {
  const { method, url, path, headers, body, connection } = request;
  const start = url.protocol === "https:" ? https.request : http.request;
  const options: https.RequestOptions = {
    method,
    headers: { ...headers },
    agent,
    signal: ends.signal,
    maxHeaderSize: HEADER_BYTES,
    ...(path === undefined ? {} : { path }),
    ...connection,
  };
  return new Promise((resolve, reject) => {
    const sent = start(url, options);
    sent.on("error", reject);
    sent.once("response", resolve);
    noteConnected(sent, ends);
    let provisional = 0;
    sent.on("information", () => {
      provisional += 1;
      if (provisional > MAX_PROVISIONAL)
        sent.destroy(answerInvalid(url, "keeps sending interim (1xx) responses but no final response"));
    });
    sent.end(body);
  });
}

function noteConnected(sent: ClientRequest, ends: Deadline): void {
  sent.once("socket", (socket: Socket) => {
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => ends.connected());
  });
}

async function bodyOf(response: IncomingMessage, url: URL, limit: number): Promise<Buffer> {
  const encoding = response.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw answerInvalid(
      url,
      `returned a compressed response (${encoding.slice(0, 20)}) that was not requested`,
    );
  }
  const tooLarge = () => answerInvalid(url, `returned more than ${limit / 1024} KiB`);
  if (Number(response.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    if (response.socket.bytesRead > 2 * limit + WIRE_OVERHEAD) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The error for an answer that no real server would give; `what` follows the server's name. */
export function answerInvalid(url: URL, what: string): VouchError {
  return new VouchError("server-answer-invalid", `${url.host} ${what}.`, {
    hint: withCommands`Something else might be responding in its place. Check: ${run("curl", "--head", {}, url.origin)}`,
  });
}
