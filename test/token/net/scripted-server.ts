import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listenOnLoopback } from "../../lab/loopback.ts";
import { makeLabCa } from "../../lab/tls.ts";

interface ReceivedRequest {
  /** `POST /oauth/token`, without the query. */
  readonly line: string;
  /** As on the wire, with the `?`; empty when there is none. */
  readonly query: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

type Answer = Reply | "silence" | "drop";

/** What is to come next, and what happens then: an answer, silence, or a connection that is dropped. */
export interface Step {
  readonly on: string;
  readonly reply: Answer | ((request: ReceivedRequest) => Answer);
}

/**
 * A loopback server that follows a script. A request out of turn is answered with 418 and remembered; `done`
 * complains about it, and about steps that never came.
 */
export interface ScriptedServer {
  readonly url: string;
  /** PEM file of the authority that signed its certificate. */
  readonly caFile: string;
  readonly requests: readonly ReceivedRequest[];
  expect(...steps: readonly Step[]): void;
  done(): void;
  close(): Promise<void>;
}

export interface ScriptedServerOptions {
  /** Names in its certificate. */
  readonly names?: readonly string[];
  readonly plain?: boolean;
  /** The time its answers carry in their Date header, epoch ms; the machine's when absent. */
  readonly date?: number;
}

export async function scriptedServer({
  names,
  plain,
  date,
}: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const folder = mkdtempSync(join(tmpdir(), "scripted-server-"));
  const bundle = join(folder, "ca.pem");
  const ca = await makeLabCa();
  writeFileSync(bundle, ca.cert);

  const steps: Step[] = [];
  const requests: ReceivedRequest[] = [];
  const surprises: string[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = await received(incoming);
    requests.push(request);
    const step = steps[0]?.on === request.line ? steps.shift() : undefined;
    if (step === undefined) surprises.push(request.line);
    if (date !== undefined) outgoing.setHeader("date", new Date(date).toUTCString());
    send(incoming, outgoing, replyTo(step, request));
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void answer(incoming, outgoing);
  const server =
    plain === true
      ? http.createServer(listener)
      : https.createServer(await ca.issue(names ?? ["localhost", "127.0.0.1"]), listener);
  const { port, close } = await listenOnLoopback(server);

  return {
    url: `${plain === true ? "http" : "https"}://localhost:${port}`,
    caFile: bundle,
    requests,
    expect: (...more) => void steps.push(...more),
    done() {
      assert.deepEqual({ surprises, missing: steps.map(({ on }) => on) }, { surprises: [], missing: [] });
    },
    async close() {
      rmSync(folder, { recursive: true });
      await close();
    },
  };
}

function replyTo(step: Step | undefined, request: ReceivedRequest): Answer {
  if (step === undefined) return { status: 418, body: "this request was not expected" };
  return typeof step.reply === "function" ? step.reply(request) : step.reply;
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, reply: Answer): void {
  if (reply === "silence") return;
  if (reply === "drop") {
    incoming.socket.destroy();
    return;
  }
  const json = typeof reply.body === "object";
  outgoing.writeHead(reply.status, {
    ...(reply.body === undefined ? {} : { "content-type": json ? "application/json" : "text/plain" }),
    ...reply.headers,
  });
  outgoing.end(json ? JSON.stringify(reply.body) : reply.body);
}

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const { pathname, search } = new URL(incoming.url ?? "", "https://localhost");
  return {
    line: `${incoming.method} ${pathname}`,
    query: search,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
