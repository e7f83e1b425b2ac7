import { randomInt } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A server on 127.0.0.1. */
export interface Loopback {
  readonly port: number;
  /** Closes the connections that are still open. */
  close(): Promise<void>;
}

/** Lets a server of TCP, TLS or HTTP listen on loopback, at any free port unless one is named. */
export async function listenOnLoopback(server: Server, port = 0): Promise<Loopback> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer());
  await close();
  return port;
}

/** Below the ports that systems give to outgoing connections. */
const [FIRST_PORT, PORTS] = [20_000, 10_000];

/** A port for a program that must be told one: nobody listens on it, and no outgoing connection is given it meanwhile. */
export async function portForProgram(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + randomInt(PORTS);
    try {
      await (await listenOnLoopback(createServer(), port)).close();
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}
