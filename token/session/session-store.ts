import fs from "node:fs";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { removeFolder } from "../command/tasks.ts";
import { readEndpoints } from "../endpoints/named-endpoints.ts";
import { VouchError } from "../errors/errors.ts";
import { whyFailed } from "../files/file-errors.ts";
import { namesIn } from "../files/folders.ts";
import { readTextFile } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { deleteFile, TO_CHANGE, whenFree } from "../files/sharing.ts";
import { type CurrentSession, findSession } from "../hot/current.ts";
import { isKeyStoreKind } from "../hot/key-store-kind.ts";
import { marksFolder, sessionFolder } from "../hot/state-files.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import type { VouchSession } from "../vouch/session/vouch-session.ts";
import { allSessions, loadCurrent, saveCurrent, withoutSession, withSession } from "./current-file.ts";
import { credentialsName, rememberedNames, sessionHolder } from "./session-secrets.ts";

/** Prefix of a session's folder while its secrets are being removed. */
const GONE = "gone-";

/** Where sessions are kept: our state folder, and the store of their secrets. */
export interface SessionPlace {
  readonly state: string;
  readonly keyStore: KeyStore;
}

/**
 * Keeps a new session: its secrets, its folder, and last `current.json`, so that readers of that find the rest. An older session
 * of the same user is replaced, and its traces are removed. `first` is as for `withSession`.
 */
export function keepSession(
  { state, keyStore }: SessionPlace,
  session: VouchSession,
  entry: CurrentSession,
  first?: string,
): void {
  ensurePrivateDirectory(state);
  ensurePrivateDirectory(marksFolder(state));
  forgetMarks(state);
  ensurePrivateDirectory(`${state}/sessions`);
  ensurePrivateDirectory(sessionFolder(state, entry.id));
  noteStore(sessionFolder(state, entry.id), entry);
  const older = addSession({ state, keyStore }, session, entry, first);
  if (older !== undefined && older.id !== entry.id) removeTraces({ state, keyStore }, older.id);
}

/** Returns the session that it replaces. If `current.json` cannot be written, nothing of the new session remains. */
function addSession(
  place: SessionPlace,
  session: VouchSession,
  entry: CurrentSession,
  first: string | undefined,
): CurrentSession | undefined {
  try {
    place.keyStore.write(sessionName(entry.id), JSON.stringify(session));
    const before = loadCurrent(place.state);
    saveCurrent(place.state, withSession(before, session.server, entry, first));
    return findSession(before, session.server, entry.identity);
  } catch (error) {
    removeQuietly(place, entry.id);
    throw error;
  }
}

/** A failure to remove traces must not hide the original error. */
function removeQuietly(place: SessionPlace, id: string): void {
  try {
    removeTraces(place, id);
  } catch {
    return;
  }
}

/** Rewrites the secrets of an existing session, with a new record of where they may be sent. */
export function recordSession(
  { keyStore }: SessionPlace,
  entry: CurrentSession,
  session: VouchSession,
): void {
  keyStore.write(sessionName(entry.id), JSON.stringify(session));
}

/** The session's secrets. Throws `logged-out` if they are gone from the store, or no longer what login stored. */
export function loadSession({ keyStore }: SessionPlace, entry: CurrentSession, server: string): VouchSession {
  const text = keyStore.read(sessionName(entry.id));
  const session = text === undefined ? undefined : readSession(text);
  if (session !== undefined) return session;
  const what = text === undefined ? "is not in the" : "cannot be read from the";
  throw new VouchError(
    "logged-out",
    `The session of ${entry.identity} at ${server} ${what} ${keyStore.kind} key store anymore.`,
    {
      hint: withCommands`Run ${ours("login", { server })} and touch your security key.`,
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
 * Forgets a session: first its entry in `current.json`, so that nothing new starts with it; then its folder; then its secrets. A
 * mint under way then finds no folder to write to. A newer session of the same user stays.
 */
export function forgetSession(place: SessionPlace, server: string, entry: CurrentSession): void {
  const current = loadCurrent(place.state);
  const isCurrent = findSession(current, server, entry.identity)?.id === entry.id;
  try {
    if (isCurrent) saveCurrent(place.state, withoutSession(current, server, entry.identity));
  } finally {
    // Also on a full disk: removing takes no space.
    removeTraces(place, entry.id);
  }
}

/**
 * The folder is first moved aside, in one step: from then on no mint can note a name in it, and a mint that has already noted one
 * and writes the secret later finds the folder gone and removes the secret again. As long as a secret cannot be removed, the
 * folder stays, for the next login or logout to try again.
 */
function removeTraces({ state, keyStore }: SessionPlace, id: string): void {
  const folder = moveAside(sessionFolder(state, id), `${state}/${GONE}${id}`);
  removeLeftSession(keyStore, { id, folder });
}

/** A session left by a killed login or logout: no one is logged in with it, but its secrets may still be there. */
interface LeftSession extends Pick<CurrentSession, "keyStore" | "bus"> {
  readonly id: string;
  readonly folder: string;
}

/** To be called while no login or logout is under way, since these have a folder before they have a session. */
export function leftSessions(state: string): LeftSession[] {
  const kept = new Set(allSessions(loadCurrent(state)).map(({ session }) => session.id));
  const folders = [
    ...namesIn(`${state}/sessions`).map((id) => ({ id, folder: sessionFolder(state, id) })),
    ...namesIn(state)
      .filter((name) => name.startsWith(GONE))
      .map((name) => ({ id: name.slice(GONE.length), folder: `${state}/${name}` })),
  ];
  return folders
    .filter(({ id }) => !kept.has(id))
    .map(({ id, folder }) => ({ id, folder, ...notedStore(folder) }));
}

/** Removes it, with the folder last: if this is interrupted, the next run finds what is left. */
export function removeLeftSession(
  keyStore: KeyStore,
  { id, folder }: Pick<LeftSession, "id" | "folder">,
): void {
  removeTokens(folder);
  removeAll(keyStore, secretsOf(id, folder));
  dropFolder(folder);
}

/** Removes everything in a session's folder except the notes of what is in the key store. */
function removeTokens(folder: string): void {
  const tokens = namesIn(folder).filter((name) => name.startsWith("token-"));
  for (const name of tokens) deleteFile(`${folder}/${name}`);
}

/** Notes which store the secrets will be in, before they are written. */
function noteStore(folder: string, { keyStore, bus }: CurrentSession): void {
  writeFileAtomically(storeFile(folder), JSON.stringify({ keyStore, bus }));
}

/** Sessions of older versions have no note. */
function notedStore(folder: string): Pick<CurrentSession, "keyStore" | "bus"> {
  try {
    const note = JSON.parse(readTextFile(storeFile(folder)) ?? "") as Record<string, unknown>;
    const { keyStore, bus } = note;
    return {
      keyStore: isKeyStoreKind(keyStore) ? keyStore : "file",
      ...(typeof bus === "string" ? { bus } : {}),
    };
  } catch {
    return { keyStore: "file" };
  }
}

function storeFile(folder: string): string {
  return `${folder}/key-store.json`;
}

function secretsOf(id: string, folder: string): string[] {
  const holder = sessionHolder(id, folder);
  return [...rememberedNames(holder).map((name) => credentialsName(holder, name)), sessionName(id)];
}

/** Tries to remove each, even after one fails; then throws the first error. */
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

/** Returns where the folder is now: Windows cannot move a folder that contains an open file. */
function moveAside(folder: string, aside: string): string {
  try {
    whenFree(() => fs.renameSync(folder, aside), TO_CHANGE);
    return aside;
  } catch {
    return folder;
  }
}

function dropFolder(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    throw new VouchError("file-unwritable", `${folder} could not be removed: ${whyFailed(error)}.`, {
      cause: error,
      hint: withCommands`Remove it manually: ${removeFolder(folder)}`,
    });
  }
}

/** After a login, earlier failures and refusals no longer count. */
function forgetMarks(state: string): void {
  for (const name of fs.readdirSync(marksFolder(state))) deleteFile(`${marksFolder(state)}/${name}`);
}

function sessionName(id: string): string {
  return `session:${id}`;
}
