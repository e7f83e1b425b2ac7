import { createHash } from "node:crypto";
import { debug } from "../debug.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";
import { clientData } from "./client-data.ts";
import { collectAssertions } from "./collect-assertions.ts";
import { CtapStatusError, statusError } from "./ctap-status.ts";
import { findKey } from "./find-key.ts";
import { unlessInterrupted } from "./interruption.ts";
import type { KeyAssertion } from "./key-assertion.ts";
import { checkRpId } from "./rp-id.ts";
import type { SecurityKeys } from "./security-keys.ts";
import { systemTimers, type Timers } from "./timers.ts";
import { unlock } from "./unlock.ts";

/** How often a person is asked for the PIN: a key locks itself after three in a row. Source: CTAP.md, "PIN retries". */
const PIN_ATTEMPTS = 3;

export type { AssertionPrompts } from "./assertion-prompts.ts";

export interface AssertionRequest {
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
  /** Breaks the login off: the key is told, and `interrupted` is thrown. */
  readonly signal: AbortSignal;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  /** How often to ask for the PIN; 1 when it comes from standard input. */
  readonly pinAttempts?: number;
  readonly timers?: Timers;
}

/** The proof that the server asked for. */
export interface Assertion {
  readonly credentialId: Uint8Array;
  readonly authenticatorData: Uint8Array;
  /** DER for ES256, as the key made it. */
  readonly signature: Uint8Array;
  /** The very bytes whose hash was signed. */
  readonly clientDataJson: Uint8Array;
  /** 16 bytes: the UUID of the user. */
  readonly userHandle: Uint8Array;
}

/**
 * Proves to a server that a person holds an enrolled security key and knows its PIN.
 *
 * The way down: this ceremony, `Ctap2` commands, `CtapHid` messages, `HidPipe` reports; nothing here knows what is
 * plugged in. Deliberately absent: fingerprint readers (such keys are asked for their PIN), and Windows' own dialog.
 */
export async function assertWithSecurityKey(
  request: AssertionRequest,
  options: AssertionOptions,
): Promise<Assertion> {
  const { prompts, signal, pinAttempts = PIN_ATTEMPTS, timers = systemTimers } = options;
  await checkRpId(request.rpId, request.host);
  debug(`security key: ${request.host} asks for a credential of ${request.rpId}`);
  const clientDataJson = clientData(request);
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();

  const key = await findKey({ ...options, timers });
  try {
    const unlocked = await unlock(key, {
      rpId: request.rpId,
      permission: "getAssertion",
      prompts,
      signal,
      pinAttempts,
    });
    const order = { rpId: request.rpId, clientDataHash, prompts };
    const assertions = await collectAssertions(key, unlocked, order).finally(unlocked.wipe);
    const chosen = await choose(assertions, prompts, signal);
    return {
      credentialId: chosen.credentialId,
      authenticatorData: chosen.authenticatorData,
      signature: chosen.signature,
      clientDataJson,
      userHandle: chosen.userHandle,
    };
  } catch (error) {
    throw error instanceof CtapStatusError
      ? statusError(error, { keyName: key.name, rpId: request.rpId })
      : error;
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
    throw new RangeError(`there are ${assertions.length} accounts to choose from, and no number ${index}`);
  }
  return chosen;
}
