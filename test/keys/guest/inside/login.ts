import { createHash } from "node:crypto";
import { VouchError } from "../../../../token/errors/errors.ts";
import { type Assertion, assertWithSecurityKey } from "../../../../token/fido2/ceremony/assertion.ts";
import type { SecurityKeys } from "../../../../token/fido2/hid/security-keys.ts";
import type { TouchAsk } from "../../../../token/fido2/prompts.ts";
import { systemTimers, type Timers } from "../../../../token/timers.ts";

export const RP_ID = "vouch.example.test";
/** Canary: opens nothing but the keys of a guest. */
export const PIN = "73915824";

/** What the person was told while it ran. */
type Prompt = "insert" | "pin" | TouchAsk["action"] | "busy" | "unplugged";

/** How a login ended, as JSON. */
export type LoginEnd =
  | { readonly assertion: ShownAssertion }
  | { readonly failure: { readonly code: string; readonly message: string; readonly hint: string } };

/** Base64 each. */
export interface ShownAssertion {
  readonly authenticatorData: string;
  readonly signature: string;
  readonly clientDataHash: string;
}

export interface Login {
  /** In order. */
  readonly prompts: readonly Prompt[];
  readonly ended: Promise<LoginEnd>;
  /** Resolves when it is said; rejects when the login ends before. */
  until(prompt: Prompt): Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
}

export interface LoginOptions {
  readonly timeoutMs?: number;
  /** How often there is somebody to ask for the PIN: 1 for a script. */
  readonly pinAttempts?: number;
  readonly timers?: Timers;
}

/** A clock that makes a second of a person's patience a fifth of one; what the wire and the key need stays as it is. */
export const impatient: Timers = { ...systemTimers, now: () => 5 * systemTimers.now() };

/** Begins a whole login of our client: the key is found and opened, unlocked, and waits for its touch. */
export function startLogin(keys: SecurityKeys, options: LoginOptions = {}): Login {
  const { timeoutMs = 60_000, pinAttempts = 3, timers = systemTimers } = options;
  const prompts: Prompt[] = [];
  const awaited = new Map<Prompt, PromiseWithResolvers<void>>();
  const say = (prompt: Prompt) => {
    prompts.push(prompt);
    awaited.get(prompt)?.resolve();
  };
  const interruption = new AbortController();
  const request = {
    rpId: RP_ID,
    host: `login.${RP_ID}`,
    challenge: Buffer.alloc(32, 0x07).toString("base64url"),
  };
  const ended = assertWithSecurityKey(request, {
    keys,
    prompts: {
      pin: async () => {
        say("pin");
        return PIN;
      },
      insertKey: () => say("insert"),
      unplugged: () => say("unplugged"),
      touch: ({ action }) => {
        say(action);
        return () => undefined;
      },
      busy: () => say("busy"),
    },
    signal: interruption.signal,
    timeoutMs,
    pinAttempts,
    timers,
  }).then(
    (assertion): LoginEnd => ({ assertion: shown(assertion) }),
    (error): LoginEnd => ({ failure: failureOf(error) }),
  );
  return {
    prompts,
    ended,
    interrupt: () => interruption.abort(),
    until(prompt) {
      if (prompts.includes(prompt)) return Promise.resolve();
      const said = Promise.withResolvers<void>();
      awaited.set(prompt, said);
      const early = (end: unknown) =>
        said.reject(new Error(`the login ended before "${prompt}": ${JSON.stringify(end)}`));
      ended.then(early, early);
      return said.promise;
    },
  };
}

function shown({ authenticatorData, signature, clientDataJson }: Assertion): ShownAssertion {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return {
    authenticatorData: base64(authenticatorData),
    signature: base64(signature),
    clientDataHash: createHash("sha256").update(clientDataJson).digest("base64"),
  };
}

/** An error that we did not expect is thrown on. */
function failureOf(error: unknown): { code: string; message: string; hint: string } {
  if (!(error instanceof VouchError)) throw error;
  const { code, message, hint } = error;
  return { code, message, hint };
}
