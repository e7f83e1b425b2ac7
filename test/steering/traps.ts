import fs from "node:fs";
import http from "node:http";
import net, { type Server, type Socket } from "node:net";
import path from "node:path";
import tls from "node:tls";
import { type Loopback, listenOnLoopback } from "../lab/loopback.ts";
import { makeLabCa } from "../lab/tls.ts";

/** Places on loopback that no secret should reach, and what reached them. */
export interface Traps {
  /** Plain http. */
  readonly http: string;
  /** TLS, with a certificate of `caFile` for the lab's names and AWS's. */
  readonly https: string;
  /** A proxy that leads every name to the TLS trap. */
  readonly proxy: string;
  /** `tcp:host=127.0.0.1,port=…`: no bus, but it hears. */
  readonly bus: string;
  /** PEM file of the authority behind the TLS trap. */
  readonly caFile: string;
  /** In front of a server of the lab: leads there, or to the TLS trap. */
  gate(port: number): Promise<Gate>;
  /** The TLS trap on this port as well, where a server of the lab was. */
  replace(port: number): Promise<void>;
  /** What came since the last look, readable: requests, and what was said within TLS. */
  heard(): string[];
  close(): Promise<void>;
}

export interface Gate {
  readonly port: number;
  isTurned: boolean;
}

const NAMES = ["localhost", "127.0.0.1", "sts.us-east-1.amazonaws.com", "eks.us-east-1.amazonaws.com"];

export async function setTraps(folder: string): Promise<Traps> {
  const ca = await makeLabCa("somebody else's CA");
  const caFile = path.join(folder, "rogue-ca.pem");
  fs.writeFileSync(caFile, ca.cert);

  let heard: string[] = [];
  const opened: Loopback[] = [];
  const open = async (server: Server, wanted = 0): Promise<number> => {
    const listening = await listenOnLoopback(server, wanted);
    opened.push(listening);
    return listening.port;
  };
  const ear = (name: string) => (socket: net.Socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      heard.push(`${name}: ${data.toString("latin1")}`);
      socket.end("HTTP/1.1 500 Trap\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
  };

  const certificate = await ca.issue(NAMES);
  const inTls = tls.createServer({ ...certificate }, ear("within TLS"));
  inTls.on("tlsClientError", (_error, socket) => socket.destroy());
  const httpPort = await open(net.createServer(ear("plain http")));
  const tlsPort = await open(inTls);
  const busPort = await open(net.createServer(ear("bus")));
  const proxyPort = await open(proxyTo(tlsPort));

  return {
    http: `http://127.0.0.1:${httpPort}`,
    https: `https://127.0.0.1:${tlsPort}`,
    proxy: `http://127.0.0.1:${proxyPort}`,
    bus: `tcp:host=127.0.0.1,port=${busPort}`,
    caFile,
    async gate(port) {
      const gate = { port: 0, isTurned: false };
      gate.port = await open(net.createServer((socket) => join(socket, gate.isTurned ? tlsPort : port)));
      return gate;
    },
    async replace(port) {
      await open(
        net.createServer((socket) => join(socket, tlsPort)),
        port,
      );
    },
    heard() {
      const since = heard;
      heard = [];
      return since;
    },
    async close() {
      await Promise.all(opened.map(({ close }) => close()));
    },
  };
}

function proxyTo(port: number): http.Server {
  const server = http.createServer((_request, response) => response.writeHead(501).end());
  return server.on("connect", (_request, socket: Socket) => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    join(socket, port);
  });
}

function join(socket: Socket, port: number): void {
  const upstream = net.connect(port, "127.0.0.1");
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
  socket.pipe(upstream).pipe(socket);
}
