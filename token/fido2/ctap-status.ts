import { type ErrorCode, VouchError } from "../errors/errors.ts";

/** Status bytes that decide how a login goes on. Source: CTAP.md, "Status codes". */
export const CTAP_STATUS = {
  ok: 0x00,
  pinInvalid: 0x31,
  noCredentials: 0x2e,
  pinAuthInvalid: 0x33,
  pinNotSet: 0x35,
  pinTokenExpired: 0x38,
  uvBlocked: 0x3c,
  invalidSubcommand: 0x3e,
  uvInvalid: 0x3f,
} as const;

/** A key answered a command with a status other than success. It never leaves this folder. */
export class CtapStatusError extends Error {
  override readonly name = "CtapStatusError";
  readonly status: number;

  constructor(status: number) {
    super(`CTAP2 status 0x${status.toString(16).padStart(2, "0")}`);
    this.status = status;
  }
}

/** What the messages name. */
export interface StatusContext {
  readonly keyName: string;
  readonly rpId: string;
}

interface StatusSpec {
  readonly code: ErrorCode;
  readonly says: (context: StatusContext) => string;
  readonly hint?: string;
}

const UNTOUCHED: StatusSpec = {
  code: "security-key-untouched",
  says: ({ keyName }) => `${keyName} was not touched in time.`,
};
const STALE: StatusSpec = {
  code: "security-key-failed",
  says: ({ keyName }) => `${keyName} took its own permission back, twice: another program is using it too.`,
  hint: "Close what else is using the key (a browser, ssh, gpg), then run `kubectl vouch login`.",
};
/** What we sent was wrong for this key: nobody but us can mend it. */
const OUR_FAULT = (what: string): StatusSpec => ({
  code: "security-key-failed",
  says: ({ keyName }) => `${keyName} did not accept the request of kubectl-vouch: ${what}.`,
  hint: "This is a bug in kubectl-vouch. Report it with what `kubectl vouch login --debug` prints; no PIN is in it.",
});

/**
 * What each status means in a login. One that is not here is a failure shown with its number.
 *
 * Source: CTAP.md, "Status codes"; a missed touch is 0x2f by the specification and 0x3a on YubiKey 5 and Solo.
 */
const STATUS: Readonly<Record<number, StatusSpec>> = {
  1: {
    code: "security-key-unsupported",
    says: ({ keyName }) => `${keyName} is too old: it does not speak FIDO2.`,
  },
  2: OUR_FAULT("bad parameter, 0x02"),
  3: OUR_FAULT("bad length, 0x03"),
  5: UNTOUCHED,
  18: OUR_FAULT("bad CBOR, 0x12"),
  20: OUR_FAULT("missing parameter, 0x14"),
  39: { code: "security-key-declined", says: ({ keyName }) => `The login was declined on ${keyName}.` },
  43: OUR_FAULT("unsupported option, 0x2b"),
  44: OUR_FAULT("invalid option, 0x2c"),
  45: { code: "interrupted", says: () => "The login was interrupted." },
  [CTAP_STATUS.noCredentials]: {
    code: "security-key-not-enrolled",
    says: ({ keyName, rpId }) => `${keyName} holds no credential for ${rpId}.`,
  },
  47: UNTOUCHED,
  48: {
    code: "security-key-failed",
    says: ({ keyName }) => `${keyName} had given up before all was read from it.`,
    hint: "Run `kubectl vouch login` again.",
  },
  [CTAP_STATUS.pinInvalid]: { code: "pin-wrong", says: () => "The PIN is wrong." },
  50: {
    code: "pin-blocked",
    says: ({ keyName }) => `The PIN of ${keyName} is blocked for good: it was wrong too often.`,
  },
  [CTAP_STATUS.pinAuthInvalid]: STALE,
  52: {
    code: "pin-locked",
    says: ({ keyName }) => `${keyName} takes no PIN until it is plugged in again: three in a row were wrong.`,
  },
  [CTAP_STATUS.pinNotSet]: {
    code: "pin-missing",
    says: ({ keyName }) => `${keyName} has no PIN, and a login needs one.`,
  },
  54: {
    code: "security-key-failed",
    says: ({ keyName }) => `${keyName} wants a PIN or a finger, and took neither for this login.`,
  },
  [CTAP_STATUS.pinTokenExpired]: STALE,
  57: OUR_FAULT("too large, 0x39"),
  58: UNTOUCHED,
  59: OUR_FAULT("touch required, 0x3b"),
  [CTAP_STATUS.uvBlocked]: {
    code: "fingerprint-refused",
    says: ({ keyName }) => `${keyName} takes no finger any more: too many were refused.`,
    hint: "Run `kubectl vouch login` and type the PIN: after it the key takes fingers again.",
  },
  [CTAP_STATUS.invalidSubcommand]: OUR_FAULT("unknown subcommand, 0x3e"),
  [CTAP_STATUS.uvInvalid]: {
    code: "fingerprint-refused",
    says: ({ keyName }) => `${keyName} did not recognise the finger.`,
  },
  64: OUR_FAULT("permission not given, 0x40"),
};

/** The error to show for a status byte. */
export function statusError(error: CtapStatusError, context: StatusContext): VouchError {
  const spec = STATUS[error.status];
  if (spec === undefined)
    return new VouchError("security-key-failed", `${context.keyName} refused the login (${error.message}).`);
  const hint = spec.hint === undefined ? {} : { hint: spec.hint };
  return new VouchError(spec.code, spec.says(context), { cause: error, ...hint });
}
