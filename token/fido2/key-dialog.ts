import type { Timers } from "../timers.ts";
import type { KeyAssertion } from "./ctap/answers.ts";

/** A request of either kind. */
interface DialogRequest {
  readonly rpId: string;
  readonly clientDataJson: Uint8Array;
}

export interface CreationRequest extends DialogRequest {
  readonly rpName: string;
  readonly user: { readonly id: Uint8Array; readonly name: string };
  readonly excludeIds: readonly Uint8Array[];
}

export interface DialogWait {
  readonly signal: AbortSignal;
  /** How long to wait for a key to be plugged in, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly timers: Timers;
  /** Called when the system opens its window. */
  readonly opens: () => void;
}

/**
 * A dialog of the system, which finds the key and asks for its PIN and its touch itself. It replaces all that is below a ceremony;
 * the client data is ours, and what it returns is checked like a key's answer. Undefined: this system does not have it after all.
 */
export interface KeyDialog {
  readonly assert: (
    request: DialogRequest,
    wait: DialogWait,
  ) => Promise<Omit<KeyAssertion, "account"> | undefined>;
  /** Returns WebAuthn's attestation object. */
  readonly create: (request: CreationRequest, wait: DialogWait) => Promise<Uint8Array | undefined>;
}
