import path from "node:path";
import { withFileLock } from "../files/file-lock.ts";
import type { Folders } from "../files/folders.ts";
import { lossyText } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { isRecord, ownValue } from "../record.ts";
import type { Clock } from "../timers.ts";
import type { Endpoints } from "./endpoints.ts";
import { readEndpoints } from "./named-endpoints.ts";

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

/** A process that has held the lock longer than this, in milliseconds, has died. */
const STALE_MS = 30_000;

/** Values that a user confirmed, by name: one file for each kind, as `{"version": 1, "KIND": {…}}`. */
interface SettledPlace {
  /** The state folder under the home directory in the user database, which no variable can move. */
  readonly folder: string;
  readonly kind: "servers" | "profiles";
}

/** One record; undefined if there is none. A file that others could have written is not trusted. */
export function loadSettled(place: SettledPlace, name: string): unknown {
  const records = loadAll(place);
  return ownValue(records, name);
}

/** Replaces one record. Throws whatever prevents that. */
export async function saveSettled(
  place: SettledPlace,
  name: string,
  {
    record,
    clock,
    signal,
  }: { readonly record: unknown; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  ensurePrivateDirectory(place.folder);
  const file = fileOf(place);
  await withFileLock(`${file}.lock`, { clock, signal, staleAfterMs: STALE_MS }, () => {
    const records = { ...loadAll(place), [name]: record };
    writeFileAtomically(file, `${JSON.stringify({ version: 1, [place.kind]: records }, null, 2)}\n`);
  });
}

function fileOf({ folder, kind }: SettledPlace): string {
  return path.join(folder, `${kind}.json`);
}

function loadAll(place: SettledPlace): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(lossyText(fileOf(place)) ?? "");
    const records = isRecord(value) && value["version"] === 1 ? value[place.kind] : undefined;
    return isRecord(records) ? records : {};
  } catch {
    return {};
  }
}
