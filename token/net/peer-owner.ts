import type { Socket } from "node:net";
import { readPlainFile } from "../files/plain-file.ts";

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
export function isPeerOurs({ remotePort = 0, localPort = 0 }: Socket): boolean | undefined {
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
  try {
    return files.flatMap((file) => readPlainFile(file, MAX_TABLE_BYTES)?.bytes.toString("latin1") ?? []);
  } catch {
    return undefined;
  }
}
