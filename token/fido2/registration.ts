import { createHash } from "node:crypto";
import { debug } from "../debug.ts";
import { systemTimers } from "../timers.ts";
import type { AssertionOptions } from "./assertion.ts";
import { type AttestedCredential, readCredential } from "./attested-credential.ts";
import { creationClientData } from "./client-data.ts";
import { keyError } from "./ctap-status.ts";
import { excludeList } from "./exclude-list.ts";
import { findKey } from "./find-key.ts";
import { ensurePin, type KeyWithPin } from "./new-pin.ts";
import type { FoundKey } from "./open-key.ts";
import type { RegistrationPrompts } from "./registration-prompts.ts";
import { withReplugs } from "./replugs.ts";
import { checkRpId } from "./rp-id.ts";
import { sendForTouch } from "./touch-command.ts";
import { unlock } from "./unlock.ts";

/**
 * How often a user is asked for the PIN: after three wrong ones in a row a key locks itself. Source: CTAP.md, "PIN retries".
 */
const PIN_ATTEMPTS = 3;

export interface RegistrationRequest {
  readonly rpId: string;
  /** The name of the server for users. */
  readonly rpName: string;
  /** Base64url. */
  readonly challenge: string;
  /** The host that was reached over verified TLS, as `URL.hostname` gives it. */
  readonly host: string;
  /** The server's address, as in the client data. */
  readonly origin: string;
  /** The user's UUID as 16 bytes, and the e-mail address. */
  readonly user: { readonly id: Uint8Array; readonly name: string };
  /** Ids of the user's credentials at the server: a key that holds one is already registered. */
  readonly excludeIds: readonly Uint8Array[];
}

export interface RegistrationOptions extends AssertionOptions {
  readonly prompts: RegistrationPrompts;
}

/** The new credential, as reported to the server. */
export interface Registration extends AttestedCredential {
  /** The exact bytes whose hash was signed. */
  readonly clientDataJson: Uint8Array;
  readonly keyName: string;
}

/**
 * Creates a discoverable credential for a user on the plugged-in key, with its PIN or a finger, and a touch. A key without a PIN
 * gets one.
 *
 * Deliberately absent: extensions, enterprise attestation, and Windows' own dialog.
 */
export async function registerWithSecurityKey(
  request: RegistrationRequest,
  options: RegistrationOptions,
): Promise<Registration> {
  await checkRpId(request.rpId, request.host);
  debug(`security key: ${request.host} requests a new credential for ${request.rpId}`);
  const clientDataJson = creationClientData(request);

  const { pinAttempts = PIN_ATTEMPTS, prompts } = options;
  return withReplugs(pinAttempts > 1, prompts, (isReplug) =>
    registration({ request, clientDataJson }, { ...options, isReplug }),
  );
}

/** What is to be created, and for whom. */
interface Order {
  readonly request: RegistrationRequest;
  readonly clientDataJson: Uint8Array;
}

/** From the search for a key to the credential. */
async function registration(
  { request, clientDataJson }: Order,
  options: RegistrationOptions & { readonly isReplug: boolean },
): Promise<Registration> {
  const found = await findKey({ ...options, timers: options.timers ?? systemTimers });
  try {
    const credential = await makeCredential(found, { request, clientDataJson }, options);
    return { ...credential, clientDataJson, keyName: found.name };
  } catch (error) {
    throw keyError(error, { keyName: found.name, rpId: request.rpId, act: "registration" });
  } finally {
    await found.close();
  }
}

async function makeCredential(
  found: FoundKey,
  { request, clientDataJson }: Order,
  options: RegistrationOptions,
): Promise<AttestedCredential> {
  const { rpId, rpName, user, excludeIds: ids } = request;
  const excludeIds = await excludeList(found, { rpId, ids });
  const withPin = await ensurePin(found, options);
  const { signal, pinAttempts = PIN_ATTEMPTS } = options;
  const prompts = promptsFor(withPin, options.prompts);
  const scope = { permission: "makeCredential", rpId } as const;
  const unlocked = await unlock(withPin.key, { scope, prompts, signal, pinAttempts });
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();
  const order = { clientDataHash, rp: { id: rpId, name: rpName }, user, excludeIds };
  const answer = await sendForTouch(found, unlocked, { clientDataHash, prompts }, (verification, wait) =>
    found.ctap.makeCredential({ ...order, verification }, wait),
  ).finally(unlocked.wipe);
  return readCredential(answer, rpId);
}

/** A PIN that was set just now is not asked for again. */
function promptsFor({ pin }: KeyWithPin, prompts: RegistrationPrompts): RegistrationPrompts {
  return pin === undefined ? prompts : { ...prompts, pin: async () => pin };
}
