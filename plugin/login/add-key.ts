import { ERRORS } from "../../token/errors/error-table.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { registerWithSecurityKey } from "../../token/fido2/ceremony/registration.ts";
import type { NewPinAsk, RegistrationPrompts } from "../../token/fido2/prompts.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { VouchSession } from "../../token/vouch/session/vouch-session.ts";
import type { VouchClient } from "../../token/vouch/vouch-client.ts";
import type { App, TerminalDevice } from "../app.ts";
import { typedAt } from "../terminal/ask.ts";
import { type LoginPrompts, loginPrompts } from "./login-prompts.ts";

/** The longest label that a server takes, in characters. Source: token/vouch/VOUCH-PROTOCOL.md, "Registered keys". */
export const MAX_LABEL = 100;

interface KeyToAdd {
  readonly server: ServerUrl;
  readonly client: VouchClient;
  readonly session: VouchSession;
  /** The name that the server stores for it; undefined: its model. */
  readonly label: string | undefined;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly pinFromStdin: boolean;
}

interface AddedKey {
  /** A UUID of the server's. */
  readonly id: string;
  readonly label: string;
}

/** The label of a key without a name. */
const USUAL_LABEL = "Security key";

/** Registers the plugged-in security key for the person of the session. */
export async function addKey(app: App, key: KeyToAdd): Promise<AddedKey> {
  const { server, client, session, timeoutMs, pinFromStdin } = key;
  const keys = await app.securityKeys();
  const [first, ...others] = keys.dialog === undefined ? await keys.list() : [];
  // Of several keys, only the touch shows which one is meant; a dialog of the system does not say.
  const label = key.label ?? (first !== undefined && others.length === 0 ? first.name : USUAL_LABEL);
  const { state, ...pending } = await client.startKeyRegistration(session, label.slice(0, MAX_LABEL));
  const prompts = registrationPrompts(app, { pinFromStdin });
  try {
    const made = await registerWithSecurityKey(
      { ...pending, host: server.host, origin: server.base },
      {
        keys,
        prompts,
        signal: app.signal,
        timeoutMs,
        ...(pinFromStdin ? { pinAttempts: 1 } : {}),
      },
    );
    return { id: await client.completeKeyRegistration(session, { state, made }), label };
  } catch (error) {
    throw registrationError(error);
  } finally {
    prompts.close();
  }
}

const AGAIN = "run `kubectl vouch keys add`";

/** Hints for errors whose usual hint is to log in again. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  "security-key-missing": `Plug in the security key and ${AGAIN}.`,
  "security-key-busy": `Close other programs that use the key (a browser, ssh, gpg), then ${AGAIN}.`,
  "security-key-failed": `Unplug the key, plug it in again, and ${AGAIN}.`,
  "security-key-unplugged": `Plug the key in again, and ${AGAIN}.`,
  "fingerprint-refused": "Run `kubectl vouch keys add` and use a registered finger.",
  "security-key-declined": "Run `kubectl vouch keys add` and touch the key when it blinks.",
  "security-key-untouched": "Run `kubectl vouch keys add` and touch the key when it blinks.",
  "pin-wrong": "Run `kubectl vouch keys add` and type the PIN again.",
  "pin-locked": `Unplug the key, plug it in again, and ${AGAIN}.`,
  "pin-missing": "Run `kubectl vouch keys add` in a terminal to set a PIN.",
  "pin-change-required": "Run `kubectl vouch keys add` in a terminal to change the PIN.",
  "pin-unavailable": "Run `kubectl vouch keys add` in a terminal, or pipe in the PIN with `--pin-stdin`.",
};

/** An error of a registration, with its hint; one that already has its own hint keeps it. */
export function registrationError(error: unknown): unknown {
  if (!(error instanceof VouchError)) return error;
  if (error.code === "interrupted") return new VouchError("interrupted", "The registration was interrupted.");
  const hint = HINTS[error.code];
  if (hint === undefined || error.hint !== ERRORS[error.code].hint) return error;
  return new VouchError(error.code, error.message, { cause: error, hint });
}

/** How a person is asked while a key is registered. */
export function registrationPrompts(
  app: App,
  { pinFromStdin }: { readonly pinFromStdin: boolean },
): RegistrationPrompts & LoginPrompts {
  const prompts = loginPrompts(app, { pinFromStdin, account: undefined });
  const { terminal } = prompts;
  return {
    ...prompts,
    newPin: async (ask) =>
      pinFromStdin || terminal === undefined ? undefined : typedTwice(app, terminal, ask),
  };
}

async function typedTwice(
  app: App,
  terminal: TerminalDevice,
  ask: NewPinAsk,
): Promise<readonly [string, string]> {
  const { keyName } = ask;
  terminal.write(whatIsWanted(ask));
  const first = await typedAt(app, terminal, `New PIN of ${keyName}: `, { hidden: true });
  return [first, await typedAt(app, terminal, "Confirm PIN: ", { hidden: true })];
}

function whatIsWanted({ keyName, isChange, minLength, problem }: NewPinAsk): string {
  switch (problem) {
    case "different":
      return "The PINs do not match.\n";
    case "too-short":
      return `The new PIN must be at least ${minLength} characters long.\n`;
    case "too-long":
      return "A PIN can be at most 63 bytes long.\n";
    case "refused":
      return "The key does not accept this PIN; choose a different one.\n";
    default:
      return isChange
        ? `${keyName} requires a new PIN.\n`
        : `${keyName} does not have a PIN yet. Choose one of at least ${minLength} characters; it is stored on the key.\n`;
  }
}
