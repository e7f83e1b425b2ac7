import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { shown } from "../../token/text/printable.ts";
import type { RegisteredKey, RemovedKey } from "../../token/vouch/session/key-calls.ts";
import type { App } from "../app.ts";
import { performLogin } from "../login/perform-login.ts";
import { askYes } from "../terminal/ask.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { openAccess, openSession, type VouchAccess } from "../vouch/vouch-access.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";
import { timeoutOf } from "./options.ts";

export interface KeysRemoveOptions {
  /** The key's id, or its name at the server. */
  readonly key: string;
  readonly server: string | undefined;
  readonly account: string | undefined;
  /** Ask no questions. */
  readonly yes: boolean;
  readonly timeoutSeconds: number;
  readonly pinFromStdin: boolean;
  readonly output: OutputChoice;
}

/** The server requires a login within the last minute for this; an older one is renewed by a touch. */
export async function runKeysRemove(options: KeysRemoveOptions, app: App): Promise<void> {
  const timeoutMs = timeoutOf("keys remove", options.timeoutSeconds);
  const desk = new Desk(app);
  const { workplace } = desk;
  const server = chosenServer(desk, options.server);
  const account = options.account ?? workplace.config.account;
  const access = await openAccess(desk, { server: server.base, account });
  const key = chosenKey(await access.client.keys(access.session), options.key);
  if (!options.yes) await requireConsent(app, key);

  const removed = await access.client.removeKey(access.session, key.id).catch(async (error: unknown) => {
    if (!(error instanceof VouchError) || error.code !== "step-up-required") throw error;
    const fresh = await logInAnew(desk, { access, options: { ...options, timeoutMs } });
    return fresh.client.removeKey(fresh.session, key.id);
  });
  tell(app, { key, removed, access, output: options.output });
}

interface Renewal {
  readonly access: VouchAccess;
  readonly options: KeysRemoveOptions & { readonly timeoutMs: number };
}

async function logInAnew(desk: Desk, { access, options }: Renewal): Promise<VouchAccess> {
  const { app } = desk;
  app.io.err("To remove a key, the server requires a fresh touch of a key that stays registered.\n");
  const server = chosenServer(desk, access.session.server);
  const entry = await performLogin(desk, {
    server,
    account: access.entry.identity,
    timeoutMs: options.timeoutMs,
    pinFromStdin: options.pinFromStdin,
    keyStore: access.entry.keyStore,
    endpoints: access.endpoints,
    isTyped: true,
  });
  return openSession(new Desk(app), { server, entry });
}

function chosenKey(keys: readonly RegisteredKey[], wanted: string): RegisteredKey {
  const byId = keys.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [named, ...others] = keys.filter(({ name }) => name === wanted);
  if (named !== undefined && others.length === 0) return named;
  const what = named === undefined ? "No registered key has" : `${others.length + 1} registered keys have`;
  throw new VouchError("key-unknown", `${what} the ID or name ${JSON.stringify(wanted)}.`, {
    hint: withCommands`See the IDs: ${ours("keys list")}`,
  });
}

async function requireConsent(app: App, { name, id, isCurrent }: RegisteredKey): Promise<void> {
  const current = isCurrent ? " It started your session, which will end too." : "";
  const isMeant = await askYes(app, `Remove ${shown(name)} (${id})?${current}`);
  if (isMeant === undefined)
    throw new VouchError("usage", "Cannot ask for confirmation without a terminal.", {
      hint: "Confirm with `--yes`.",
    });
  if (!isMeant) throw new VouchError("interrupted", "Nothing was removed.");
}

interface Removal {
  readonly key: RegisteredKey;
  readonly removed: RemovedKey;
  readonly access: VouchAccess;
  readonly output: OutputChoice;
}

function tell(app: App, { key, removed, access, output }: Removal): void {
  const { server, identity: email } = access.session;
  const { sessionsRevoked, isSessionOver } = removed;
  const { id, name } = key;
  if (output !== "text") {
    const body = { server, email, id, name, sessionsRevoked, loggedOut: isSessionOver };
    printObject(app, output, "KeyRemoved", body);
    return;
  }
  const ended =
    sessionsRevoked === 0
      ? ""
      : ` Ended ${sessionsRevoked} ${sessionsRevoked === 1 ? "session" : "sessions"} that used it.`;
  app.io.err(`Removed ${shown(name)} of ${email} from ${server}.${ended}\n`);
  if (isSessionOver)
    app.io.err(`${withCommands`You are logged out. Log in with another key: ${ours("login")}`}\n`);
}
