import http from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A proxy for https that leads all names of AWS to the lab, as if the lab were AWS. */
export interface NamesToLoopback {
  readonly url: string;
  close(): Promise<void>;
}

/** Knows CONNECT and nothing else; refuses every other name as a proxy with a list of allowed hosts does. */
export async function leadAwsNamesTo(port: number): Promise<NamesToLoopback> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = http.createServer((_request, response) => response.writeHead(501).end());
  server.on("connection", track);
  server.on("connect", ({ url: target = "" }, socket) => {
    if (!/\.(?:amazonaws\.com|api\.aws):443$/.test(target)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
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
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
