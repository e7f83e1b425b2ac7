import path from "node:path";
import { withFileLock } from "../files/file-lock.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { lossyText } from "../mint/lossy-text.ts";
import { isRecord, ownValue } from "../record.ts";
import type { Clock } from "../timers.ts";

/** A process that has held the lock longer than this, in milliseconds, has died. */
const STALE_MS = 30_000;

/** Values that a user confirmed, by name: one file for each kind, as `{"version": 1, "KIND": {…}}`. */
export interface SettledPlace {
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
