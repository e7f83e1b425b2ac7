import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import {
  type KeyFacts,
  type PinState,
  type SurveyedKey,
  surveyKeys,
} from "../../../token/fido2/ceremony/survey-keys.ts";
import { findSession } from "../../../token/hot/current.ts";
import { shown } from "../../../token/text/printable.ts";
import { timestamp } from "../../../token/text/time.ts";
import type { RegisteredKey } from "../../../token/vouch/session/key-calls.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import { addKey, MAX_LABEL } from "../../login/add-key.ts";
import { performLogin } from "../../login/perform-login.ts";
import { askYes } from "../../terminal/ask.ts";
import { isForPrograms, printObject, table } from "../../terminal/output.ts";
import type { NameChoice, OutputChoice } from "../../terminal/output-choice.ts";
import { withProgress } from "../../terminal/progress.ts";
import { openAccess, openSession, type VouchAccess } from "../../vouch/vouch-access.ts";
import { chosenServer, Desk } from "../../workplace/workplace.ts";
import { timeoutOf } from "../options.ts";

interface KeysOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** The server and the account that are meant. */
function chosen({ server, account }: KeysOptions, app: App) {
  const desk = new Desk(app);
  return {
    desk,
    server: chosenServer(desk, server),
    account: account ?? desk.workplace.config.account,
  };
}

interface KeysListOptions extends KeysOptions {
  /** Do not ask the server. */
  readonly offline: boolean;
  readonly output: NameChoice;
}

export async function runKeysList(options: KeysListOptions, app: App): Promise<void> {
  const { output } = options;
  const plugged = await withProgress(app, "Reading the security keys…", async () =>
    surveyKeys({ keys: await app.securityKeys(), signal: app.signal }),
  );
  if (output === "name") return app.io.out(plugged.map(({ path }) => `${path}\n`).join(""));
  const known = options.offline ? undefined : await registeredKeys(app, options);
  if (isForPrograms(output)) {
    const { keys, ...about } = known ?? {};
    return printObject(app, output, "KeyList", {
      pluggedIn: plugged.map(pluggedObject),
      ...(keys === undefined ? {} : { registered: keys.map(registeredObject) }),
      ...about,
    });
  }
  printPlugged(app, plugged);
  if (known !== undefined) printRegistered(app, known);
}

/** The server's answer, and whose keys these are. */
interface Known {
  readonly keys?: readonly RegisteredKey[];
  readonly server: string;
  readonly email?: string;
  readonly notListedBecause?: string;
}

/** A failing server does not hide the plugged-in keys. */
async function registeredKeys(app: App, options: KeysListOptions): Promise<Known> {
  const { desk, server, account } = chosen(options, app);
  const entry = findSession(desk.workplace.current, server.base, account);
  if (entry === undefined || entry.end <= app.clock())
    return { server: server.base, notListedBecause: "you are not logged in" };
  const about = { server: server.base, email: entry.identity };
  try {
    const { client, session } = await openSession(desk, { server, entry });
    const keys = await withProgress(app, `Contacting ${server.base}…`, () => client.keys(session));
    return { ...about, keys };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    return { ...about, notListedBecause: reasonOf(error) };
  }
}

function pluggedObject(key: SurveyedKey): BodyOf<"KeyList">["pluggedIn"][number] {
  const { name, path } = key;
  if ("facts" in key) return { name, path, usable: isUsable(key.facts), ...key.facts };
  const { code, message, hint } = key.problem;
  return { name, path, usable: false, versions: [], problem: { code, message, hint } };
}

function isUsable({ pin }: KeyFacts): boolean {
  return pin !== "blocked" && pin !== "unusable";
}

function registeredObject({ id, name, model, createdAt, isCurrent }: RegisteredKey) {
  return {
    ...{ id, name, model },
    createdAt: createdAt === undefined ? undefined : timestamp(createdAt),
    current: isCurrent,
  };
}

function printPlugged({ io }: App, plugged: readonly SurveyedKey[]): void {
  if (plugged.length === 0) {
    io.err("No security key is plugged in.\n");
    return;
  }
  const rows = plugged.map((key) => [key.name, key.path, ...("facts" in key ? cellsOf(key.facts) : UNKNOWN)]);
  io.out(table([["PLUGGED IN", "PATH", "FIRMWARE", "PROTOCOLS", "PIN", "FINGERPRINT"], ...rows]));
  for (const key of plugged)
    if ("problem" in key) io.err(`${key.problem.message} [${key.problem.code}]\n${key.problem.hint}\n`);
}

const UNKNOWN = ["?", "?", "?", "?"] as const;

function cellsOf({ firmware, versions, pin, pinTriesLeft, fingerprint }: KeyFacts): string[] {
  const speaks = versions.some((version) => version.startsWith("FIDO_2_")) ? versions.join(" ") : "only U2F";
  const left =
    pinTriesLeft === undefined ? "" : `, ${pinTriesLeft} ${pinTriesLeft === 1 ? "try" : "tries"} left`;
  return [firmware, speaks, `${PIN_WORDS[pin]}${left}`, fingerprint.replaceAll("-", " ")];
}

const PIN_WORDS: Readonly<Record<PinState, string>> = {
  set: "set",
  "not-set": "not set",
  "change-required": "must be changed",
  unplug: "unplug the key first",
  blocked: "blocked",
  unusable: "unusable",
};

function printRegistered({ io }: App, { keys = [], server, email, notListedBecause }: Known): void {
  if (notListedBecause !== undefined)
    io.err(`Cannot list the keys registered with ${server}: ${notListedBecause}\n`);
  else if (keys.length === 0) io.err(`No security key of ${email} is registered with ${server}.\n`);
  else io.out(`\n${table([["REGISTERED", "MODEL", "SINCE", "SESSION", "ID"], ...keys.map(rowOf)])}`);
}

function rowOf({ id, name, model, createdAt, isCurrent }: RegisteredKey): string[] {
  const since = createdAt === undefined ? "?" : timestamp(createdAt).slice(0, 10);
  return [name, model ?? "?", since, isCurrent ? "*" : "", id];
}

interface KeysAddOptions extends KeysOptions {
  /** The name that the server stores for it. */
  readonly name: string | undefined;
  readonly timeout: number;
  readonly pinStdin: boolean;
  readonly output: OutputChoice;
}

export async function runKeysAdd(options: KeysAddOptions, app: App): Promise<void> {
  const { output, pinStdin: pinFromStdin } = options;
  const timeoutMs = timeoutOf("keys add", options.timeout);
  const label = options.name?.trim();
  if (label === "" || [...(label ?? "")].length > MAX_LABEL)
    throw new VouchError("usage", `--name must be 1 to ${MAX_LABEL} characters long.`);
  const { desk, server, account } = chosen(options, app);
  const { client, session, entry } = await openAccess(desk, { server: server.base, account });
  const key = await addKey(app, { server, client, session, label, timeoutMs, pinFromStdin });
  if (output === "text")
    return app.io.err(`Registered ${key.label} for ${entry.identity} with ${server.base}.\n`);
  printObject(app, output, "KeyAdded", {
    server: server.base,
    email: entry.identity,
    id: key.id,
    name: key.label,
  });
}

interface KeysRemoveOptions extends KeysOptions {
  /** The key's id, or its name at the server. */
  readonly key: string;
  /** Ask no questions. */
  readonly yes: boolean;
  readonly timeout: number;
  readonly pinStdin: boolean;
  readonly output: OutputChoice;
}

/** The server requires a login within the last minute for this; an older one is renewed by a touch. */
export async function runKeysRemove(options: KeysRemoveOptions, app: App): Promise<void> {
  const timeoutMs = timeoutOf("keys remove", options.timeout);
  const { desk, server, account } = chosen(options, app);
  const access = await openAccess(desk, { server: server.base, account });
  const key = chosenKey(await access.client.keys(access.session), options.key);
  if (!options.yes) await requireConsent(app, key);

  const removed = await access.client.removeKey(access.session, key.id).catch(async (error: unknown) => {
    if (!(error instanceof VouchError) || error.code !== "step-up-required") throw error;
    const fresh = await logInAgain(desk, access, { timeoutMs, pinFromStdin: options.pinStdin });
    return fresh.client.removeKey(fresh.session, key.id);
  });
  const { identity: email } = access.session;
  const { sessionsRevoked, isSessionOver } = removed;
  const { id, name } = key;
  if (options.output !== "text")
    return printObject(app, options.output, "KeyRemoved", {
      ...{ server: server.base, email, id, name, sessionsRevoked },
      loggedOut: isSessionOver,
    });
  const ended =
    sessionsRevoked === 0
      ? ""
      : ` Ended ${sessionsRevoked} ${sessionsRevoked === 1 ? "session" : "sessions"} that used it.`;
  app.io.err(`Removed ${shown(name)} of ${email} from ${server.base}.${ended}\n`);
  if (isSessionOver)
    app.io.err(`${withCommands`You are logged out. Log in with another key: ${ours("login")}`}\n`);
}

async function logInAgain(
  desk: Desk,
  access: VouchAccess,
  by: { readonly timeoutMs: number; readonly pinFromStdin: boolean },
): Promise<VouchAccess> {
  const { app } = desk;
  app.io.err("To remove a key, the server requires a fresh touch of a key that stays registered.\n");
  const server = chosenServer(desk, access.session.server);
  const entry = await performLogin(desk, {
    ...by,
    server,
    account: access.entry.identity,
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
