import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import { keyStoreSetting } from "../../token/settings/settings.ts";
import type { Enrolled, PendingEnrolment } from "../../token/vouch/session/enrolment.ts";
import type { VouchClient } from "../../token/vouch/vouch-client.ts";
import type { App } from "../app.ts";
import { addKey } from "../login/add-key.ts";
import { keepLogin, openLogin } from "../login/perform-login.ts";
import { sessionObject, settledLines, untilWhen } from "../login/told-session.ts";
import { askYes } from "../terminal/ask.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { awaitApproval } from "../terminal/progress.ts";
import { showAddress } from "../terminal/qr-code.ts";
import type { ColorChoice } from "../terminal/style.ts";
import { applySettings } from "../workplace/cache.ts";
import { tellIfFiles } from "../workplace/our-key-store.ts";
import { chosenServer, Desk, endpointsNamedNow } from "../workplace/workplace.ts";
import { timeoutOf } from "./options.ts";

interface EnrollOptions {
  readonly server: string | undefined;
  readonly noBrowser: boolean;
  /** Register the plugged-in key without asking. */
  readonly addKey: boolean;
  readonly timeout: number;
  readonly pinStdin: boolean;
  readonly keyStore: KeyStoreKind | undefined;
  readonly output: OutputChoice;
  readonly color: ColorChoice;
}

export async function runEnroll(options: EnrollOptions, app: App): Promise<void> {
  const timeoutMs = timeoutOf("enroll", options.timeout);
  if (options.pinStdin && !options.addKey)
    throw new VouchError("usage", "--pin-stdin works only with --add-key: no other step needs a PIN.");
  const desk = new Desk(app);
  const { workplace } = desk;
  const server = chosenServer(desk, options.server);
  const keyStore = keyStoreSetting({ ...workplace, flag: options.keyStore, env: app.env }).value;
  const endpoints = endpointsNamedNow(desk);

  app.io.err(`Enrolling with ${server.base}\n`);
  const login = await openLogin(desk, { server, endpoints, keyStore, isTyped: true });
  const { client } = login;
  const pending = await client.beginEnrolment();
  tellIfFiles(app, workplace, login.keyStore);
  await showCode(app, pending, options);
  const enrolled = await awaitApproval(app, pending.expiresAt, () => client.awaitEnrolment(pending));
  const { session, isHardwareVerified } = enrolled;
  const entry = await keepLogin(desk, session, login);
  await applySettings(desk);

  const say = (lines: readonly string[]) => {
    if (options.output === "text") app.io.err(lines.map((line) => `${line}\n`).join(""));
  };
  say([
    `Enrolled and logged in as ${entry.identity} until ${untilWhen(app, entry.end)}.`,
    ...settledLines(endpoints),
  ]);
  const lacksKey = options.addKey || (await hasNoKey(client, enrolled));
  const pinFromStdin = options.pinStdin;
  const key =
    lacksKey && (await isKeyWanted(app, options))
      ? await addKey(app, { server, client, session, label: undefined, timeoutMs, pinFromStdin })
      : undefined;
  if (key !== undefined) say([`Registered ${key.label} with ${server.base}.`]);
  say(nextStep(enrolled, { lacksKey: lacksKey && key === undefined }));
  if (options.output === "text") return;
  printObject(app, options.output, "Enrolment", {
    ...sessionObject(app, server, entry),
    hardwareVerified: isHardwareVerified,
    key: key && { id: key.id, name: key.label },
    endpoints,
  });
}

/** Always shows the code: the person who approves it compares it. */
async function showCode(
  app: App,
  { userCode, verificationUri, verificationUriComplete }: PendingEnrolment,
  { noBrowser, color }: EnrollOptions,
): Promise<void> {
  const address = verificationUriComplete ?? verificationUri;
  const isOpen = !noBrowser && (await app.openBrowser(address));
  if (isOpen) {
    app.io.err(`Opened ${verificationUri} in your browser.\n`);
    app.io.err(`Sign in there and approve the code ${userCode}\n`);
    return;
  }
  await showAddress(app, address, color);
  app.io.err(`Sign in there and approve the code ${userCode}\n`);
}

/** Always with the flag; otherwise if a person at a terminal says yes. */
async function isKeyWanted(app: App, { addKey, output }: EnrollOptions): Promise<boolean> {
  if (addKey) return true;
  const question =
    "You have not registered a security key there yet. Register the one that is plugged in now?";
  return output === "text" && app.io.isTerminal("stdin") && (await askYes(app, question, true)) === true;
}

/** False if the server does not tell. */
async function hasNoKey(client: VouchClient, { session }: Enrolled): Promise<boolean> {
  try {
    return (await client.keys(session)).length === 0;
  } catch (error) {
    if (error instanceof VouchError && error.code === "interrupted") throw error;
    debug(`cannot list the registered keys: ${reasonOf(error)}`);
    return false;
  }
}

/** A browser session may not prove possession of a security key, without which AWS gets no token. */
function nextStep({ isHardwareVerified }: Enrolled, { lacksKey }: { readonly lacksKey: boolean }): string[] {
  if (isHardwareVerified === true) return [];
  return [
    ...(lacksKey ? [withCommands`Register your security key: ${ours("keys add")}`] : []),
    withCommands`For AWS and Kubernetes, log in with your security key: ${ours("login", { force: true })}`,
  ];
}
