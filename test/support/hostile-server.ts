import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net, { type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { gzipSync } from "node:zlib";
import { listenOnLoopback } from "../lab/loopback.ts";
import { makeLabCa } from "../lab/tls.ts";

/** Writes to one connection until it is closed. `body` is what an honest server would answer. */
type Behaviour = (socket: Socket, body: string) => void;

const CHUNK = "x".repeat(64 * 1024);
const CHUNKED = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n";

/** How long a trickling server waits between two bytes, in milliseconds. */
const TRICKLE_MS = 20;

/** What a broken, slow or malicious server may do. */
export const HOSTILE_ANSWERS = {
  "says nothing": () => undefined,
  "sends a body that never ends": (socket) => {
    socket.write(`${CHUNKED}\r\n`);
    flood(socket, `${CHUNK.length.toString(16)}\r\n${CHUNK}\r\n`);
  },
  "sends a body without a length that never ends": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{");
    flood(socket, CHUNK);
  },
  "sends a body byte by byte": (socket) => {
    socket.write(`${CHUNKED}\r\n`);
    trickle(socket, "1\r\n \r\n");
  },
  "sends headers that never end": (socket) => {
    socket.write(CHUNKED);
    flood(socket, `x-more: ${"y".repeat(1000)}\r\n`);
  },
  "sends headers byte by byte": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nx-more: ");
    trickle(socket, "y");
  },
  "says for ever that it goes on": (socket) => flood(socket, "HTTP/1.1 102 Processing\r\n\r\n"),
  "sends trailers that never end": (socket) => {
    socket.write(`${CHUNKED}\r\n0\r\n`);
    flood(socket, `x-more: ${"y".repeat(1000)}\r\n`);
  },
  "sends chunk extensions that never end": (socket) => {
    socket.write(`${CHUNKED}\r\n`);
    flood(socket, `1;${"y".repeat(1000)}\r\nx\r\n`);
  },
  "compresses a gigabyte": (socket) => {
    const bomb = gzipBomb();
    socket.end(
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`,
        ),
        bomb,
      ]),
    );
  },
  "cuts the body in the middle": (socket, body) => {
    socket.write(`${CHUNKED}\r\n${(body.length + 100).toString(16)}\r\n${body.slice(0, -1)}`);
    setTimeout(() => socket.destroy(), 20);
  },
  "promises more than it sends": (socket, body) => {
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 1}\r\n\r\n${body}`,
    );
  },
  "sends something that is not HTTP": (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
  "answers with a page": (socket) => {
    const page = "<html><body>Log in to the network of the hotel</body></html>";
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\n\r\n${page}`);
  },
  "answers with JSON of another kind": (socket) => {
    const object = '{"kind":["Status"],"apiVersion":7,"status":null,"items":"many"}';
    socket.end(jsonAnswer(object));
  },
} as const satisfies Record<string, Behaviour>;

export type HostileAnswer = keyof typeof HOSTILE_ANSWERS;

export interface HostileServer {
  /** `https://localhost:PORT`, or http. */
  readonly url: string;
  /** PEM file of the authority that vouches for it; its text is `ca`. */
  readonly caFile: string;
  readonly ca: string;
  /** Connections that were made so far. */
  readonly connections: () => number;
  /** Bytes handed to connections so far, at least. */
  readonly bytesSent: () => number;
  close(): Promise<void>;
}

export interface HostileServerOptions {
  readonly answer: HostileAnswer;
  /** What an honest server would answer; some behaviours use it. */
  readonly body?: string;
  /** Without TLS, as a proxy. */
  readonly plain?: boolean;
  readonly names?: readonly string[];
  /** Correct answers, in JSON, by `GET /path`. */
  readonly honest?: Readonly<Record<string, object>>;
}

/** A server on loopback that misbehaves in one way, whatever it is asked. */
export async function hostileServer({
  answer,
  body = "{}",
  plain = false,
  names = ["localhost", "127.0.0.1"],
  honest = {},
}: HostileServerOptions): Promise<HostileServer> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-server-"));
  const caFile = join(folder, "ca.pem");
  const ca = await makeLabCa();
  writeFileSync(caFile, ca.cert);
  const sockets = new Set<Socket>();
  let connections = 0;
  let ended = 0;
  const behave = (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      ended += socket.bytesWritten;
    });
    socket.once("data", (request: Buffer) => {
      const [line = ""] = request.toString("latin1").split(" HTTP/1.1\r\n");
      const object = honest[line];
      if (object === undefined) (HOSTILE_ANSWERS[answer] as Behaviour)(socket, body);
      else socket.end(jsonAnswer(JSON.stringify(object)));
    });
  };
  const server = plain ? net.createServer(behave) : tls.createServer(await ca.issue(names), behave);
  server.on("tlsClientError", () => undefined);
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `${plain ? "http" : "https"}://localhost:${port}`,
    caFile,
    ca: ca.cert,
    connections: () => connections,
    bytesSent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, ended),
    async close() {
      rmSync(folder, { recursive: true });
      await close();
    },
  };
}

let bomb: Buffer | undefined;

/**
 * `{}` and a gigabyte of blanks, in one megabyte: pieces compressed by themselves may follow each other. Source: RFC 1952, 2.2.
 */
function gzipBomb(): Buffer {
  if (bomb === undefined) {
    const blanks = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "), { level: 9 });
    bomb = Buffer.concat([gzipSync("{}"), ...Array.from({ length: 16 }, () => blanks)]);
  }
  return bomb;
}

function jsonAnswer(text: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** As fast as the other side reads. */
function flood(socket: Socket, piece: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once("drain", () => setImmediate(more));
  };
  more();
}

function trickle(socket: Socket, piece: string): void {
  const timer = setInterval(
    () => (socket.destroyed ? clearInterval(timer) : socket.write(piece)),
    TRICKLE_MS,
  );
}
