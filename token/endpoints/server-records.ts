import type { Folders } from "../files/folders.ts";
import { isRecord } from "../record.ts";
import type { Clock } from "../timers.ts";
import type { Endpoints } from "./endpoints.ts";
import { readEndpoints } from "./read-endpoints.ts";
import { loadSettled, saveSettled } from "./settled-records.ts";

/** What the last login at a server recorded, for a login that is not typed by a user. */
export interface ServerRecord {
  readonly endpoints: Endpoints;
  /** Where that login kept its secrets. */
  readonly folders: Folders;
}

/** The record of a server. Undefined: no one has logged in there. */
export function loadServerRecord(folder: string, server: string): ServerRecord | undefined {
  const record = loadSettled({ folder, kind: "servers" }, server);
  if (!isRecord(record)) return undefined;
  const folders = record["folders"];
  if (!isRecord(folders)) return undefined;
  const { state, config, keys } = folders;
  if (typeof state !== "string" || typeof config !== "string" || typeof keys !== "string") return undefined;
  return { endpoints: readEndpoints(record["endpoints"]), folders: { state, config, keys } };
}

/** Replaces the record of a server. Throws whatever prevents that. */
export function saveServerRecord(
  folder: string,
  server: string,
  saved: { readonly record: ServerRecord; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  return saveSettled({ folder, kind: "servers" }, server, saved);
}
