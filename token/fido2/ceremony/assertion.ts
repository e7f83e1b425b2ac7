import { createHash } from "node:crypto";
import { debug } from "../../debug.ts";
import { systemTimers, type Timers, unlessInterrupted } from "../../timers.ts";
import { assertionCount, type KeyAssertion, readAssertion } from "../ctap/answers.ts";
import { malformedAnswer } from "../ctap/cbor.ts";
import type { FoundKey } from "../ctap/open-key.ts";
import { keyError } from "../ctap/status.ts";
import type { SecurityKeys } from "../hid/security-keys.ts";
import { unlock } from "../pin/unlock.ts";
import { sendForTouch, type UnlockedKey } from "../pin/unlocked-key.ts";
import type { AssertionPrompts } from "../prompts.ts";
import { assertionInDialog } from "./dialog.ts";
import { findKey, NO_CLIENT_DATA, requireCredential, withReplugs } from "./find-key.ts";
import { checkRpId, clientData } from "./relying-party.ts";

/**
 * How often a user is asked for the PIN: after three wrong ones in a row a key locks itself. Source: CTAP.md, "PIN retries".
 */
export const PIN_ATTEMPTS = 3;

interface AssertionRequest {
  /** As the server sent it. */
  readonly rpId: string;
  /** Base64url, as the server sent it. */
  readonly challenge: string;
  /** The host that was reached over verified TLS, as `URL.hostname` gives it. */
  readonly host: string;
}

export interface AssertionOptions {
  readonly keys: SecurityKeys;
  readonly prompts: AssertionPrompts;
  /** Aborts the login: the key is told, and `interrupted` is thrown. */
  readonly signal: AbortSignal;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  /** How often to ask for the PIN; 1 if it comes from standard input. */
  readonly pinAttempts?: number;
  readonly timers?: Timers;
}

/** The proof that the server requires. */
export interface Assertion extends Omit<KeyAssertion, "account"> {
  /** The exact bytes whose hash was signed. */
  readonly clientDataJson: Uint8Array;
}

/**
 * Proves to a server that a user holds an enrolled security key, and that the key has verified them by PIN or finger.
 *
 * The layers, top to bottom: this ceremony, `Ctap2` commands, `CtapHid` messages, `HidPipe` reports; nothing here knows what is
 * plugged in. If a key is unplugged during the ceremony and plugged in again, the ceremony starts again.
 *
 * Where the system has a dialog of its own for all of this, it replaces the layers; request and result are the same.
 */
export async function assertWithSecurityKey(
  request: AssertionRequest,
  options: AssertionOptions,
): Promise<Assertion> {
  await checkRpId(request.rpId, request.host);
  debug(`security key: ${request.host} requests a credential for ${request.rpId}`);
  const clientDataJson = clientData(request);
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();
  const { pinAttempts = PIN_ATTEMPTS, timers = systemTimers, prompts } = options;
  const around = { ...options, pinAttempts, timers, rpId: request.rpId, clientDataHash };

  const chosen =
    (await assertionInDialog({ rpId: request.rpId, clientDataJson }, options)) ??
    (await withReplugs(pinAttempts > 1, prompts, (isReplug) => ceremony({ ...around, isReplug })));
  const { credentialId, authenticatorData, signature, userHandle } = chosen;
  return { credentialId, authenticatorData, signature, clientDataJson, userHandle };
}

interface Ceremony extends Required<AssertionOptions> {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  readonly isReplug: boolean;
}

/** From the search for a key to the chosen assertion. */
async function ceremony(around: Ceremony): Promise<KeyAssertion> {
  const { rpId, prompts, signal, pinAttempts } = around;
  const key = await findKey(around);
  try {
    const holds = await requireCredential(key, rpId, "none");
    const scope = { rpId, permission: "getAssertion" } as const;
    const unlocked = await unlock(key, { scope, prompts, signal, pinAttempts });
    try {
      const verification = unlocked.verification(NO_CLIENT_DATA);
      if (!holds && verification !== "built-in") await requireCredential(key, rpId, verification);
      const assertions = await collectAssertions(key, unlocked, around);
      return await choose(assertions, prompts, signal);
    } finally {
      unlocked.wipe();
    }
  } catch (error) {
    throw keyError(error, { keyName: key.name, rpId });
  } finally {
    await key.close();
  }
}

async function choose(
  assertions: readonly KeyAssertion[],
  prompts: AssertionPrompts,
  signal: AbortSignal,
): Promise<KeyAssertion> {
  const ask = assertions.length > 1 && prompts.choose !== undefined ? prompts.choose : async () => 0;
  const index = await unlessInterrupted(ask(assertions.map(({ account }) => account)), signal);
  const chosen = assertions[index];
  if (chosen === undefined) {
    throw new RangeError(`there are ${assertions.length} accounts to choose from, but not number ${index}`);
  }
  return chosen;
}

/**
 * More credentials of one relying party than any key holds. Source: CTAP.md, "Yubico's keys" (100 in all on firmware 5.7).
 */
const MAX_CREDENTIALS = 256;

/** All assertions that the key has for this relying party, newest first, with one touch. */
async function collectAssertions(
  key: FoundKey,
  unlocked: UnlockedKey,
  around: Ceremony,
): Promise<KeyAssertion[]> {
  const { rpId, clientDataHash } = around;
  const first = await sendForTouch(key, unlocked, around, (verification, wait) =>
    key.ctap.getAssertion({ rpId, clientDataHash, verification, touch: true }, wait),
  );
  const count = assertionCount(first);
  if (count > MAX_CREDENTIALS) {
    throw malformedAnswer();
  }
  debug(`security key: credentials for ${rpId}: ${count}`);
  const assertions = [readAssertion(first, rpId)];
  while (assertions.length < count) {
    assertions.push(readAssertion(await key.ctap.getNextAssertion(), rpId));
  }
  return assertions;
}
