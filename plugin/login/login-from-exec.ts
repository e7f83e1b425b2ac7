import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import type { ServerRecord } from "../../token/endpoints/server-records.ts";
import { type ErrorCode, reasonOf, VouchError } from "../../token/errors/errors.ts";
import { lockPath, withFileLock } from "../../token/files/file-lock.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../token/files/private-file.ts";
import { findSession } from "../../token/hot/current.ts";
import { fnv64 } from "../../token/hot/fnv.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import { touchBreaker } from "../../token/session/touch-breaker.ts";
import { keyStoreSetting } from "../../token/settings/settings.ts";
import { clockTime } from "../../token/text/time.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import type { App, TerminalDevice } from "../app.ts";
import { isInteractive } from "../terminal/ask.ts";
import { tellIgnoredAtLogin } from "../vouch/vouch-credentials.ts";
import { applySettings } from "../workplace/cache.ts";
import { areFoldersSettled, serverRecord } from "../workplace/server-record.ts";
import { Desk, endpointsOfMachine } from "../workplace/workplace.ts";
import { performLogin } from "./perform-login.ts";

/** How long kubectl waits for the user to plug in a key, in milliseconds. */
const WAIT_FOR_KEY_MS = 30_000;

/** How long one call waits for the login that another call is asking for, in milliseconds. */
const WAIT_FOR_LOGIN_MS = 120_000;

/** A process that has been asking for longer than this, in milliseconds, counts as dead. */
const STALE_LOGIN_MS = 300_000;

/**
 * A login in the middle of a kubectl call, if the kubeconfig allows it (`setup eks --interactive`) and there is a terminal. False
 * if no user can be asked. Of several calls at once one asks, and the others use its session. A refused or missing touch is
 * remembered, so that the next call does not ask again.
 */
export async function loginFromExec(
  { app, workplace }: Desk,
  question: VouchQuestion,
  { isServerTyped }: { readonly isServerTyped: boolean },
): Promise<boolean> {
  if (!isInteractive(app)) return false;
  const record = serverRecord(app, question.server);
  if (!mayBegin(app, question, { record, isServerTyped })) return false;
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return false;

  try {
    const { folders, current } = workplace;
    const { server, account } = question;
    const before = findSession(current, server, account)?.id;
    ensurePrivateDirectory(folders.state);
    const lock = lockPath(`${folders.state}/login-${fnv64(server)}`);
    const { clock, signal } = app;
    const options = { clock, signal, waitMs: WAIT_FOR_LOGIN_MS, staleAfterMs: STALE_LOGIN_MS };
    return await withFileLock(lock, options, async () => {
      // Another call may have logged in meanwhile.
      const desk = new Desk(app);
      const now = findSession(desk.workplace.current, server, account);
      if (now === undefined || now.id === before) await askForLogin(desk, { question, terminal, record });
      return true;
    });
  } finally {
    terminal.close();
  }
}

/**
 * A login that no user typed goes only to a server that the arguments name, or that is on record from a typed login; over plain
 * http only to one on record. It keeps its secrets only where the last login did, or in our folders according to the user
 * database, whatever HOME and the XDG variables say.
 */
function mayBegin(
  app: App,
  { server }: VouchQuestion,
  { record, isServerTyped }: { readonly record: ServerRecord | undefined; readonly isServerTyped: boolean },
): boolean {
  if (record === undefined && (!isServerTyped || server.startsWith("http:"))) return false;
  if (areFoldersSettled(app, record)) return true;
  app.io.err(
    "kubectl-vouch: not starting a login: HOME or an XDG variable points to a different folder than at the last login.\n",
  );
  return false;
}

async function askForLogin(
  desk: Desk,
  {
    question,
    terminal,
    record,
  }: {
    readonly question: VouchQuestion;
    readonly terminal: TerminalDevice;
    readonly record: ServerRecord | undefined;
  },
): Promise<void> {
  const { app, workplace } = desk;
  const breaker = touchBreaker(workplace.folders.state, question.server);
  const refused = breaker.refused();
  if (refused !== undefined) {
    throw new VouchError(
      "session-expired",
      `You are not logged in, and at ${clockTime(refused.at, app.clock())} ${REFUSALS[refused.code as ErrorCode] ?? "the login was not completed"}; not prompting again.`,
      {
        hint: withCommands`Run ${ours("login", { server: question.server })} and touch your security key.`,
      },
    );
  }
  terminal.write(`kubectl needs a login to ${question.server} for cluster ${question.cluster}.\n`);
  const endpoints = record?.endpoints ?? endpointsOfMachine(workplace);
  tellIgnoredAtLogin(app, endpoints);
  try {
    await performLogin(desk, {
      server: serverUrl(question.server),
      endpoints,
      isTyped: false,
      account: question.account,
      timeoutMs: WAIT_FOR_KEY_MS,
      pinFromStdin: false,
      keyStore: keyStoreSetting({ ...workplace, env: app.env }).value,
    });
  } catch (error) {
    if (isRefusal(error)) breaker.trip(app.clock(), error.code);
    throw error;
  }
  await applySettings(desk);
}

/** Whether the person refused or was not there. A failing network is no refusal. */
function isRefusal(error: unknown): error is VouchError {
  return error instanceof VouchError && Object.hasOwn(REFUSALS, error.code);
}

const REFUSALS: Readonly<Partial<Record<ErrorCode, string>>> = {
  "security-key-declined": "the touch was declined",
  "security-key-untouched": "the security key was not touched",
  "security-key-missing": "no security key was plugged in",
  "security-key-unplugged": "the security key was unplugged",
  interrupted: "the login was interrupted",
  "pin-unavailable": "the PIN was not entered",
};

/** The least time between two messages, in milliseconds, however often a program polls. */
const QUIET_MS = 10 * 60_000;

/** Shows on the desktop that a program in the background needs a login, if the settings say so; not again and again. */
export async function notifyLogin(
  { app, workplace: { config, folders } }: Desk,
  { server, cluster }: VouchQuestion,
): Promise<void> {
  // At a terminal, the error itself is visible.
  if (config.notify !== true || app.io.isTerminal("stderr")) return;
  try {
    if (!mayNotify(folders.state, server, app.clock())) return;
    await app.notify({
      title: "kubectl needs a login",
      text: `For cluster ${cluster}: run kubectl vouch login and touch your security key.`,
    });
  } catch (error) {
    // The failure itself is reported all the same.
    debug(`cannot show a desktop notification: ${reasonOf(error)}`);
  }
}

function mayNotify(state: string, server: string, now: number): boolean {
  const file = `${state}/notified-${fnv64(server)}.json`;
  const text = readTextFile(file) ?? "";
  const last = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (last !== undefined && last <= now && now - last < QUIET_MS) return false;
  ensurePrivateDirectory(state);
  writeFileAtomically(file, String(now));
  return true;
}
