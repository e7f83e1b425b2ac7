import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { unlessThrown } from "../errors/errors.ts";
import { readPlainFile } from "../files/plain-file.ts";

/** A browser sends its few headers at once; a client that takes longer is not a browser. In milliseconds. */
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

/** A server on 127.0.0.1 for a browser of this user. */
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
 * Begins to listen, on a port that the system chooses unless one is given. `read` takes from a request what is waited for. Such a
 * request's connection is not ended for others.
 */
export async function serveBrowser<T>(
  read: (request: http.IncomingMessage) => T | undefined,
  answer: (response: http.ServerResponse, answer: Answer<T>) => void,
  port = 0,
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
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** In a row of the system's table: addresses and ports of both ends in hex, the state, and the owner's user id. */
const ROW =
  /^ *\d+: [0-9A-F]{0,24}0100007F:([0-9A-F]{4}) [0-9A-F]{0,24}0100007F:([0-9A-F]{4}) ([0-9A-F]{2}) \S+ \S+ \S+ +(\d+) /gm;

/** Any user can make a table grow: 114,000 connections make it 17 MB, and need 2.6 GB of memory. In bytes. */
const MAX_TABLE_BYTES = 256 * 1024 * 1024;

/** The state of a connection that both ends hold open; of others the table may name no owner. */
const ESTABLISHED = "01";

/**
 * Whether the program at the other end of a connection over 127.0.0.1 belongs to this user or root. Undefined where the system
 * does not tell: everywhere but on Linux. A connection that the program has closed, or whose table cannot be read, counts as
 * another's.
 *
 * Source: Linux, Documentation/networking/proc_net_tcp.rst.
 */
function isPeerOurs({ remotePort = 0, localPort = 0 }: Socket): boolean | undefined {
  if (process.platform !== "linux") return undefined;
  const tables = tablesOf(["/proc/net/tcp", "/proc/net/tcp6"]);
  if (tables === undefined) return false;
  if (tables.length === 0) return undefined;
  const [theirs, ours] = [remotePort, localPort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, "0"),
  );
  const row = tables
    .flatMap((text) => [...text.matchAll(ROW)])
    .find(([, from, to, state]) => from === theirs && to === ours && state === ESTABLISHED);
  return row !== undefined && [0, process.getuid?.()].includes(Number(row[4]));
}

/** Those that are there; undefined if one cannot be read. */
function tablesOf(files: readonly string[]): string[] | undefined {
  return unlessThrown(
    () => files.flatMap((file) => readPlainFile(file, MAX_TABLE_BYTES)?.bytes.toString("latin1") ?? []),
    undefined,
  );
}
