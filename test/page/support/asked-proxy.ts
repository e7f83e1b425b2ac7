import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that lets nothing through and remembers what it was asked for. */
export interface AskedProxy {
  readonly port: number;
  /** Hosts and addresses, as they were asked for. */
  readonly asked: readonly string[];
  readonly close: () => void;
}

export async function startAskedProxy(): Promise<AskedProxy> {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(502).end();
  });
  server.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    // A browser that is closed waits for no answer.
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, asked, close: () => void server.close() };
}
