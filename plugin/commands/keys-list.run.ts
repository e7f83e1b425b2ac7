import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import {
  type KeyFacts,
  type PinState,
  type SurveyedKey,
  surveyKeys,
} from "../../token/fido2/ceremony/survey-keys.ts";
import { findSession } from "../../token/hot/current.ts";
import { timestamp } from "../../token/text/time.ts";
import type { RegisteredKey } from "../../token/vouch/session/key-calls.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { isForPrograms, printObject, table } from "../terminal/output.ts";
import type { NameChoice } from "../terminal/output-choice.ts";
import { withProgress } from "../terminal/progress.ts";
import { openSession } from "../vouch/vouch-access.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";

export interface KeysListOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
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
  const desk = new Desk(app);
  const { workplace } = desk;
  const server = chosenServer(desk, options.server);
  const account = options.account ?? workplace.config.account;
  const entry = findSession(workplace.current, server.base, account);
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
    id,
    name,
    ...(model === undefined ? {} : { model }),
    ...(createdAt === undefined ? {} : { createdAt: timestamp(createdAt) }),
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
