import { VouchError } from "../../errors/errors.ts";
import { systemTimers, type Timers } from "../../timers.ts";
import {
  type AttestedCredential,
  assertionAnswer,
  type KeyAssertion,
  readAssertion,
  readAttestationObject,
} from "../ctap/answers.ts";
import type { SecurityKeys } from "../hid/security-keys.ts";
import type { CreationRequest, DialogWait, KeyDialog } from "../key-dialog.ts";
import type { AssertionPrompts } from "../prompts.ts";

/** Of the options of a ceremony, those that a dialog needs. */
interface DialogOptions {
  readonly keys: Pick<SecurityKeys, "dialog">;
  readonly prompts: Pick<AssertionPrompts, "touch">;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly pinAttempts?: number;
  readonly timers?: Timers;
}

/** An assertion by the system's dialog, checked as if it came from a key; undefined if the system has none. */
export function assertionInDialog(
  request: Parameters<KeyDialog["assert"]>[0],
  options: DialogOptions,
): Promise<Omit<KeyAssertion, "account"> | undefined> {
  return inDialog(options, async (dialog, wait) => {
    const made = await dialog.assert(request, wait);
    return made && readAssertion(assertionAnswer(made), request.rpId);
  });
}

/** A new credential by the system's dialog, checked as if it came from a key; undefined if the system has none. */
export function registrationInDialog(
  request: CreationRequest,
  options: DialogOptions,
): Promise<AttestedCredential | undefined> {
  return inDialog(options, async (dialog, wait) => {
    const made = await dialog.create(request, wait);
    return made && readAttestationObject(made, request.rpId);
  });
}

async function inDialog<T>(
  { keys, pinAttempts, prompts, signal, timeoutMs, timers = systemTimers }: DialogOptions,
  work: (dialog: KeyDialog, wait: DialogWait) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (keys.dialog === undefined) return undefined;
  if (pinAttempts === 1) {
    throw new VouchError("pin-unavailable", "Windows accepts the PIN only in its own window.", {
      hint: "Run the command again without `--pin-stdin`.",
    });
  }
  let closed = () => {};
  const opens = () => {
    closed = prompts.touch({ keyName: "The security key", action: "dialog" });
  };
  try {
    return await work(keys.dialog, { signal, timeoutMs, timers, opens });
  } finally {
    closed();
  }
}
