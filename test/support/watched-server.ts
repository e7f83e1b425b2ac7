import https from "node:https";
import net from "node:net";
import { listenOnLoopback } from "../lab/loopback.ts";
import type { LabCertificate } from "../lab/tls.ts";

/** A server on loopback that counts what reaches it, and gives no useful answer. */
export interface WatchedServer {
  readonly port: number;
  /** Requests that came through so far; of a silent server, connections. */
  requests(): number;
  /** Resolves at the next one. */
  reached(): Promise<void>;
  close(): Promise<void>;
}

/** Answers each request with 500. */
export function watchedHttps(certificate: LabCertificate): Promise<WatchedServer> {
  return watched(
    https.createServer(certificate, (_request, response) => response.writeHead(500).end()),
    "request",
  );
}

/** Accepts connections and never sends anything. */
export function silentServer(): Promise<WatchedServer> {
  return watched(net.createServer(), "connection");
}

async function watched(server: net.Server, event: "request" | "connection"): Promise<WatchedServer> {
  let requests = 0;
  server.on("tlsClientError", () => undefined);
  server.on(event, () => {
    requests += 1;
  });
  return {
    ...(await listenOnLoopback(server)),
    requests: () => requests,
    reached: () => new Promise((resolve) => void server.once(event, () => resolve())),
  };
}
