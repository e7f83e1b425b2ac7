import { createHash } from "node:crypto";
import { debug } from "../../debug.ts";
import { systemTimers } from "../../timers.ts";
import { type AttestedCredential, type KeyInfo, readCredential } from "../ctap/answers.ts";
import type { FoundKey } from "../ctap/open-key.ts";
import { CTAP_STATUS, CtapStatusError, keyError } from "../ctap/status.ts";
import { ensurePin, type KeyWithPin } from "../pin/new-pin.ts";
import { unlock } from "../pin/unlock.ts";
import { sendForTouch } from "../pin/unlocked-key.ts";
import type { RegistrationPrompts } from "../prompts.ts";
import { type AssertionOptions, PIN_ATTEMPTS } from "./assertion.ts";
import { registrationInDialog } from "./dialog.ts";
import { findKey, holdsCredential, withReplugs } from "./find-key.ts";
import { checkRpId, creationClientData } from "./relying-party.ts";

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
  /** IDs of the user's credentials at the server: a key that holds one is already registered. */
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
 * Deliberately absent: extensions, and enterprise attestation.
 */
export async function registerWithSecurityKey(
  request: RegistrationRequest,
  options: RegistrationOptions,
): Promise<Registration> {
  await checkRpId(request.rpId, request.host);
  debug(`security key: ${request.host} requests a new credential for ${request.rpId}`);
  const clientDataJson = creationClientData(request);

  const inDialog = await registrationInDialog({ ...request, clientDataJson }, options);
  if (inDialog !== undefined) return { ...inDialog, clientDataJson, keyName: "The security key" };
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

/** Bytes of a message that a list cannot use: names, hashes, the proof of the PIN. */
const BESIDE_THE_LIST = 512;
/** Bytes of an entry besides its id: `{"id": …, "type": "public-key"}`. */
const ENTRY = 24;

/** The ids that the key could know, in lists as long as it accepts. Source: CTAP.md, "getInfo" and "getAssertion". */
export function listsFor(ids: readonly Uint8Array[], info: KeyInfo): Uint8Array[][] {
  const { maxCredentialIdLength = Number.POSITIVE_INFINITY, maxCredentialsInList, maxMessageSize } = info;
  const room = maxMessageSize - BESIDE_THE_LIST;
  const lists: { ids: Uint8Array[]; bytes: number }[] = [];
  for (const id of ids.filter(({ length }) => length <= maxCredentialIdLength)) {
    const bytes = id.length + ENTRY;
    const last = lists.at(-1);
    if (last !== undefined && last.ids.length < maxCredentialsInList && last.bytes + bytes <= room) {
      last.ids.push(id);
      last.bytes += bytes;
    } else {
      lists.push({ ids: [id], bytes });
    }
  }
  return lists.map((list) => list.ids);
}

/**
 * The ids to send with the command. If they are more than the key accepts at once, it is asked about list after list, without a
 * touch, and the command needs none; a match is thrown as the status with which the command would have ended.
 */
async function excludeList(
  key: FoundKey,
  { rpId, ids }: { readonly rpId: string; readonly ids: readonly Uint8Array[] },
): Promise<readonly Uint8Array[]> {
  const [first = [], ...others] = listsFor(ids, key.info);
  if (others.length === 0) return first;
  for (const list of [first, ...others]) {
    if (await holdsCredential(key, rpId, "none", list))
      throw new CtapStatusError(CTAP_STATUS.credentialExcluded);
  }
  return [];
}
