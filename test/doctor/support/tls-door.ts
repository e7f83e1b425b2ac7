import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createListener, type Socket } from "node:net";
import type { LabCertificate } from "../../lab/tls.ts";

/** Something that listens on loopback. */
export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

/** An https server with this certificate. */
export function tlsDoor(certificate: LabCertificate, serve: RequestListener): Promise<Door> {
  return open(createServer({ ...certificate }, serve));
}

/** A listener that takes connections and does this with them. */
export function plainDoor(welcome: (socket: Socket) => void): Promise<Door> {
  return open(createListener(welcome));
}

async function open(server: ReturnType<typeof createListener>): Promise<Door> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
