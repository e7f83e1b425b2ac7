import { ERRORS } from "../../token/errors/error-table.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";

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
