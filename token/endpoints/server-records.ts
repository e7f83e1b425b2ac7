import path from "node:path";
import type { Clock } from "../clock.ts";
import { withFileLock } from "../files/file-lock.ts";
import type { Folders } from "../files/folders.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { lossyText } from "../mint/lossy-text.ts";
import { isRecord } from "../record.ts";
import { type Endpoints, readEndpoints } from "./endpoints.ts";

/** What the last login at a server settled, for a login that nobody types. */
export interface ServerRecord {
  readonly endpoints: Endpoints;
  /** Where that login kept its secrets. */
  readonly folders: Folders;
}

/** Whoever holds the lock longer than this, in milliseconds, has died. */
const STALE_MS = 30_000;

const FILE = "servers.json";

/**
 * The record of a server, in the state folder under the home of the user database: where no variable leads elsewhere. A
 * file that others could have written is not believed. Undefined: nobody logged in there.
 */
export function loadServerRecord(folder: string, server: string): ServerRecord | undefined {
  const records = loadAll(folder);
  const record = Object.hasOwn(records, server) ? records[server] : undefined;
  if (!isRecord(record)) return undefined;
  const folders = record["folders"];
  if (!isRecord(folders)) return undefined;
  const { state, config, keys } = folders;
  if (typeof state !== "string" || typeof config !== "string" || typeof keys !== "string") return undefined;
  return { endpoints: readEndpoints(record["endpoints"]), folders: { state, config, keys } };
}

/** Replaces the record of a server. Throws what stands in the way. */
export async function saveServerRecord(
  folder: string,
  server: string,
  {
    record,
    clock,
    signal,
  }: { readonly record: ServerRecord; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  ensurePrivateDirectory(folder);
  const file = path.join(folder, FILE);
  await withFileLock(`${file}.lock`, { clock, signal, staleAfterMs: STALE_MS }, () => {
    const servers = { ...loadAll(folder), [server]: record };
    writeFileAtomically(file, `${JSON.stringify({ version: 1, servers }, null, 2)}\n`);
  });
}

function loadAll(folder: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(lossyText(path.join(folder, FILE)) ?? "");
    const servers = isRecord(value) && value["version"] === 1 ? value["servers"] : undefined;
    return isRecord(servers) ? servers : {};
  } catch {
    return {};
  }
}
