import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { setTimeout } from "node:timers/promises";
import type { LabClock } from "../clock.ts";
import { type Loopback, listenOnLoopback } from "../loopback.ts";
import type { LabCertificate } from "../tls.ts";
import { faultReply } from "./fault-reply.ts";
import type { VouchFaults } from "./faults.ts";
import { type Reply, textReply } from "./reply.ts";
import type { VouchRequest } from "./vouch-request.ts";

/**
 * Largest body, in bytes: of all endpoints, and of those that issue credentials.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Sizes".
 */
const MAX_BODY = 256 * 1024;
const MAX_CREDENTIAL_BODY = 8 * 1024;

/** One request that arrived, and what was answered. Kept in memory only: it holds secrets. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** From `?` on; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Epoch milliseconds by the lab's clock. */
  readonly time: number;
  readonly status: number;
}

export interface HttpsFrontOptions {
  readonly certificate: LabCertificate;
  readonly clock: LabClock;
  readonly faults: VouchFaults;
  readonly answer: (request: VouchRequest) => Promise<Reply>;
  readonly record: (request: RecordedRequest) => void;
  readonly port: number;
}

/** TLS and HTTP around the answers, on 127.0.0.1; plain HTTP is deliberately absent. The `Date` is the lab's. */
export async function openHttpsFront(options: HttpsFrontOptions): Promise<Loopback> {
  const server = createServer({ ...options.certificate, maxHeaderSize: 64 * 1024 }, (incoming, outgoing) => {
    if (options.faults.takeover?.(incoming, outgoing)) return;
    serve(incoming, outgoing, options).catch((error: unknown) => {
      // A bug of the stand-in, reported where the failing test shows it.
      send(
        outgoing,
        textReply(500, `Vouch stand-in: ${error instanceof Error ? error.stack : error}`),
        options,
      );
    });
  });
  server.on("connection", (socket) => {
    if (options.faults.down) socket.destroy();
  });
  return listenOnLoopback(server, options.port);
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: HttpsFrontOptions,
): Promise<void> {
  const body = await bodyOf(incoming);
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const request: VouchRequest = {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark),
    headers: incoming.headersDistinct,
    body,
  };
  const time = options.clock();
  if (options.faults.slowMs > 0) await setTimeout(options.faults.slowMs, undefined, { ref: false });
  if (options.faults.down) {
    incoming.socket.destroy();
    return;
  }
  const reply = await replyTo(request, options);
  const { method, path, query } = request;
  const { headers } = incoming;
  options.record({ method, path, query, headers, body: body.toString(), time, status: reply.status });
  send(outgoing, reply, options);
}

async function replyTo(request: VouchRequest, { faults, answer }: HttpsFrontOptions): Promise<Reply> {
  const limit = request.path.startsWith("/v1/credentials/") ? MAX_CREDENTIAL_BODY : MAX_BODY;
  if (request.body.length > limit) return textReply(413, "length limit exceeded");
  return faultReply(request.path, faults) ?? (await answer(request));
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(outgoing: ServerResponse, reply: Reply, { clock }: HttpsFrontOptions): void {
  outgoing.writeHead(reply.status, { Date: new Date(clock()).toUTCString(), ...reply.headers });
  outgoing.end(reply.body);
}
