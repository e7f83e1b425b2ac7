import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { createServer as createListener, type Socket } from "node:net";
import { type Loopback, listenOnLoopback } from "../../lab/loopback.ts";
import type { LabCertificate } from "../../lab/tls.ts";

/** An https server with this certificate. */
export function tlsDoor(certificate: LabCertificate, serve: RequestListener): Promise<Loopback> {
  return listenOnLoopback(createServer({ ...certificate }, serve));
}

/** A listener that takes connections and does this with them. */
export function plainDoor(welcome: (socket: Socket) => void): Promise<Loopback> {
  return listenOnLoopback(createListener(welcome));
}
