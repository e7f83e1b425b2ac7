import fs from "node:fs";
import { readEndpoints } from "../endpoints/endpoints.ts";
import { reasonOf, VouchError } from "../errors.ts";
import { type CurrentSession, findSession } from "../hot/current.ts";
import { marksFolder, sessionFolder } from "../hot/state-files.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { ensurePrivateDirectory } from "../private-file.ts";
import { shellWord } from "../shell-word.ts";
import type { VouchSession } from "../vouch/vouch-session.ts";
import { loadCurrent, saveCurrent, withoutSession, withSession } from "./current-file.ts";
import { credentialsName, rememberedNames } from "./session-secrets.ts";

/** Where a session is kept: our state folder, and the store of its secrets. */
export interface SessionPlace {
  readonly state: string;
  readonly keyStore: KeyStore;
}

/**
 * Keeps a new session: its secrets, its folder, and last of all `current.json`, so that whoever reads that finds the
 * rest. An older session of the same person is replaced and its traces removed.
 */
export function keepSession(
  { state, keyStore }: SessionPlace,
  session: VouchSession,
  entry: CurrentSession,
): void {
  ensurePrivateDirectory(state);
  ensurePrivateDirectory(marksFolder(state));
  forgetMarks(state);
  ensurePrivateDirectory(`${state}/sessions`);
  ensurePrivateDirectory(sessionFolder(state, entry.id));
  const older = addSession({ state, keyStore }, session, entry);
  if (older !== undefined && older.id !== entry.id) removeTraces({ state, keyStore }, older.id);
}

/** Returns the session that it replaces. When it cannot be entered in `current.json`, nothing of it stays behind. */
function addSession(
  place: SessionPlace,
  session: VouchSession,
  entry: CurrentSession,
): CurrentSession | undefined {
  try {
    place.keyStore.write(sessionName(entry.id), JSON.stringify(session));
    const before = loadCurrent(place.state);
    saveCurrent(place.state, withSession(before, session.server, entry));
    return findSession(before, session.server, entry.identity);
  } catch (error) {
    removeQuietly(place, entry.id);
    throw error;
  }
}

/** What cannot be removed must not hide why it is to be. */
function removeQuietly(place: SessionPlace, id: string): void {
  try {
    removeTraces(place, id);
  } catch {
    return;
  }
}

/** Writes the secrets of a session that goes on, with a new record of where they may go. */
export function recordSession(
  { keyStore }: SessionPlace,
  entry: CurrentSession,
  session: VouchSession,
): void {
  keyStore.write(sessionName(entry.id), JSON.stringify(session));
}

/** The session's secrets. Throws `logged-out` when they are gone from the store, or no longer what login put there. */
export function loadSession({ keyStore }: SessionPlace, entry: CurrentSession, server: string): VouchSession {
  const text = keyStore.read(sessionName(entry.id));
  const session = text === undefined ? undefined : readSession(text);
  if (session !== undefined) return session;
  const what = text === undefined ? "is not in the" : "cannot be read from the";
  throw new VouchError(
    "logged-out",
    `The session of ${entry.identity} at ${server} ${what} ${keyStore.kind} key store any more.`,
    {
      hint: `Run \`kubectl vouch login --server ${server}\` and touch your security key.`,
    },
  );
}

function readSession(text: string): VouchSession | undefined {
  try {
    const session = JSON.parse(text) as Partial<VouchSession> | null;
    if (typeof session?.accessToken !== "string") return undefined;
    return { ...(session as VouchSession), endpoints: readEndpoints(session.endpoints) };
  } catch {
    return undefined;
  }
}

/**
 * Forgets a session. `current.json` first, so that nothing new starts on it; then its folder; then its secrets. A mint
 * under way finds no folder to write to. A newer session of the same person stays.
 */
export function forgetSession(place: SessionPlace, server: string, entry: CurrentSession): void {
  const current = loadCurrent(place.state);
  const isCurrent = findSession(current, server, entry.identity)?.id === entry.id;
  if (isCurrent) saveCurrent(place.state, withoutSession(current, server, entry.identity));
  removeTraces(place, entry.id);
}

/**
 * The folder is moved aside first, in one step: from then on no mint can note a name in it, and a mint that has noted
 * one and writes the secret later finds the folder gone and takes the secret back.
 */
function removeTraces({ state, keyStore }: SessionPlace, id: string): void {
  const folder = moveAside(sessionFolder(state, id), `${state}/gone-${id}`);
  const secrets = [...rememberedNames(folder).map((name) => credentialsName(id, name)), sessionName(id)];
  try {
    removeAll(keyStore, secrets);
  } finally {
    removeFolder(folder);
  }
}

/** Tries each, also after one that cannot be removed; then throws why the first could not. */
function removeAll(keyStore: KeyStore, names: readonly string[]): void {
  const problems: unknown[] = [];
  for (const name of names) {
    try {
      keyStore.remove(name);
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
}

/** Where the folder is now: Windows does not move one in which a file is open. */
function moveAside(folder: string, aside: string): string {
  try {
    fs.renameSync(folder, aside);
    return aside;
  } catch {
    return folder;
  }
}

function removeFolder(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw new VouchError("file-unwritable", `${folder} could not be removed: ${reasonOf(error)}.`, {
      cause: error,
      hint: `Remove it by hand: \`rm -rf ${shellWord(folder)}\``,
    });
  }
}

/** After a login no earlier failure or refusal counts. */
function forgetMarks(state: string): void {
  for (const name of fs.readdirSync(marksFolder(state)))
    fs.rmSync(`${marksFolder(state)}/${name}`, { force: true });
}

function sessionName(id: string): string {
  return `session:${id}`;
}
