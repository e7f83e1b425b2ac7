import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { connect, createServer as createListener, type Socket } from "node:net";
import { type Loopback, listenOnLoopback } from "../loopback.ts";
import { type LabCa, makeLabCa } from "../tls.ts";
import type { KubeFaults } from "./faults.ts";

interface FrontDoorOptions {
  readonly ca: LabCa;
  readonly port: number;
  readonly faults: KubeFaults;
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** The port of a server behind this one, to which connections are passed unread while no fault needs to read them. */
  readonly behind?: () => Promise<number | undefined>;
}

/** First byte of a TLS connection. Source: RFC 8446, 5.1, ContentType handshake. */
const TLS_HANDSHAKE = 0x16;
/**
 * What Go's server says to `http://` on its TLS port, if it is one of the methods that it looks for; on others, CONNECT among
 * them, it hangs up. Source: golang/go, net/http/server.go, tlsRecordHeaderLooksLikeHTTP.
 */
const HTTP = /^(?:GET \/|HEAD |POST |PUT \/|OPTIO)/;
const NOT_TLS = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
const NAMES = ["127.0.0.1", "localhost", "::1"];

/**
 * A TLS listener whose certificate and mood can change between connections: accepts plain sockets and hands each to the TLS
 * server whose certificate is asked for at that moment.
 */
export async function openFrontDoor({
  ca,
  port,
  faults,
  serve,
  behind,
}: FrontDoorOptions): Promise<Loopback> {
  const servers: Record<KubeFaults["certificate"], () => Promise<Server>> = {
    right: once(async () => tlsServer(ca, NAMES, serve)),
    "wrong-name": once(async () => tlsServer(ca, ["kubernetes.invalid"], serve)),
    "unknown-authority": once(async () => tlsServer(await makeLabCa("somebody else's CA"), NAMES, serve)),
  };
  await servers.right();
  const welcome = async (socket: Socket, first: Buffer) => {
    socket.pause();
    const portBehind = faults.certificate === "right" ? await behind?.() : undefined;
    if (portBehind !== undefined) return handOn(socket, first, portBehind);
    if (first[0] !== TLS_HANDSHAKE)
      return void socket.end(HTTP.test(first.toString("latin1")) ? NOT_TLS : "");
    socket.unshift(first);
    (await servers[faults.certificate]()).emit("connection", socket);
  };
  const listener = createListener((socket) => {
    if (faults.down) socket.destroy();
    else if (!faults.silent) {
      socket.once("data", (first) => void welcome(socket, first).catch(() => socket.destroy()));
    }
  });
  return listenOnLoopback(listener, port);
}

function handOn(socket: Socket, first: Buffer, port: number): void {
  const behind = connect(port, "127.0.0.1", () => {
    behind.write(first);
    socket.pipe(behind).pipe(socket);
  });
  // What it said before it closed hard still goes to the client.
  behind.on("error", () => socket.end());
  socket.on("close", () => behind.destroy());
}

async function tlsServer(ca: LabCa, names: readonly string[], serve: RequestListener): Promise<Server> {
  return createServer({ ...(await ca.issue(names)), ALPNProtocols: ["http/1.1"] }, serve);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
