import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isPeerOurs } from "./peer-owner.ts";

/** A browser sends its few headers at once; a client that takes longer is none. In milliseconds. */
const REQUEST_MS = 5000;

/** Connections at once. One more ends the oldest, so that idle ones keep no browser out. */
const MAX_CONNECTIONS = 16;

/** Keep the browser from caching or framing a page, or passing on its address, which may contain a secret. */
export const BROWSER_HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  connection: "close",
};

/** A server on 127.0.0.1, on a port that the system chooses, for a browser of this user. */
export interface BrowserServer {
  readonly server: http.Server;
  /** With its port. */
  readonly host: string;
}

/** How a request is answered: with what it brings; without, it is refused, also because another user's program sent it. */
interface Answer<T> {
  readonly brought: T | undefined;
  readonly isForeign: boolean;
}

/**
 * Begins to listen. `read` takes from a request what is waited for. Such a request's connection is not ended for others.
 */
export async function serveBrowser<T>(
  read: (request: http.IncomingMessage) => T | undefined,
  answer: (response: http.ServerResponse, answer: Answer<T>) => void,
): Promise<BrowserServer> {
  const unanswered = new Set<Socket>();
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS };
  const server = http.createServer(limits, (request, response) => {
    const brought = read(request);
    const isForeign = brought !== undefined && isPeerOurs(request.socket) === false;
    if (brought !== undefined && !isForeign) unanswered.delete(request.socket);
    answer(response, { brought: isForeign ? undefined : brought, isForeign });
  });
  server.on("connection", (socket: Socket) => {
    unanswered.add(socket);
    socket.once("close", () => unanswered.delete(socket));
    const [oldest] = unanswered;
    if (unanswered.size > MAX_CONNECTIONS) oldest?.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}
