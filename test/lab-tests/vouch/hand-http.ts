import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";

export interface HandRequest {
  readonly method: string;
  /** With the query, exactly as it is sent. */
  readonly path: string;
  /** A header with an array is sent as several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export interface HandAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly json: Record<string, unknown>;
  /** `401 invalid_client`: status, and the error's code or the text of an answer that is not JSON. */
  readonly outcome: string;
}

export interface HandConnection {
  send(asked: HandRequest): Promise<HandAnswer>;
  close(): void;
}

export function handConnection(url: string, ca: string): HandConnection {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (asked) =>
      new Promise((resolve, reject) => {
        const { method, path, headers = {}, body = "" } = asked;
        const { hostname, port } = new URL(url);
        const length = Buffer.byteLength(body);
        const lines = { ...mutable(headers), ...(length === 0 ? {} : { "Content-Length": String(length) }) };
        const options = { hostname, port, method, path, headers: lines, ca, agent, servername: hostname };
        const outgoing = request(options, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            resolve(answerOf(incoming.statusCode ?? 0, incoming.headers, text));
          });
        });
        outgoing.on("error", reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function mutable(headers: NonNullable<HandRequest["headers"]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): HandAnswer {
  const isJson = headers["content-type"] === "application/json";
  const json: Record<string, unknown> = isJson ? JSON.parse(text) : {};
  const word = json["error"] ?? json["code"] ?? (isJson ? "" : text);
  return { status, headers, text, json, outcome: `${status} ${word}`.trim() };
}
