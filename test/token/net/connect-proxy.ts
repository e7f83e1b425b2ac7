import http from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

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
  /** What it says instead of opening the tunnel: a status line and headers, or nothing at all. */
  readonly refusal?: string | "silence";
}

export async function connectProxy({ port, refusal }: ConnectProxyOptions): Promise<ConnectProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = http.createServer((_request, response) => response.writeHead(501).end());
  server.on("connection", track);
  server.on("connect", (request, socket) => {
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    if (refusal === "silence") return;
    if (refusal !== undefined) {
      socket.end(refusal);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    track(upstream);
    socket.on("close", () => upstream.destroy());
    upstream.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
