import http from "node:http";
import { connect } from "node:net";
import { listenOnLoopback } from "../../lab/loopback.ts";

/** A proxy for https: knows CONNECT and nothing else, and has its own idea of where a name leads. */
export interface ConnectProxy {
  readonly url: string;
  /** The targets asked for, `host:port`, and the credentials that came along. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export interface ConnectProxyOptions {
  /** The port on loopback behind every name. */
  readonly port: number;
  /** What it says instead of opening the tunnel: a status line and headers, or nothing at all. May depend on the target. */
  readonly refusal?: string | "silence" | ((target: string) => string | undefined);
}

export async function connectProxy({ port, refusal }: ConnectProxyOptions): Promise<ConnectProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const server = http.createServer((_request, response) => response.writeHead(501).end());
  server.on("connect", (request, socket) => {
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    const refused = typeof refusal === "function" ? refusal(request.url ?? "") : refusal;
    if (refused === "silence") return;
    if (refused !== undefined) {
      socket.end(refused);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
    upstream.on("close", () => socket.destroy());
  });
  const { port: ownPort, close } = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${ownPort}`, asked, close };
}
