import { type ErrorCode, VouchError } from "../errors/errors.ts";

/** Status bytes that decide how a login goes on. Source: CTAP.md, "Status codes". */
export const CTAP_STATUS = {
  ok: 0x00,
  credentialExcluded: 0x19,
  noCredentials: 0x2e,
  pinInvalid: 0x31,
  pinBlocked: 0x32,
  pinAuthInvalid: 0x33,
  pinAuthBlocked: 0x34,
  pinPolicyViolation: 0x37,
  pinTokenExpired: 0x38,
  invalidSubcommand: 0x3e,
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
  /** What the key was asked for; a login when it is not said. */
  readonly act?: "registration";
}

interface StatusSpec {
  readonly code: ErrorCode;
  readonly says: (context: StatusContext) => string;
}

const UNTOUCHED: StatusSpec = {
  code: "security-key-untouched",
  says: ({ keyName }) => `${keyName} was not touched in time.`,
};
const PIN_MISSING: StatusSpec = {
  code: "pin-missing",
  says: ({ keyName }) => `${keyName} has no PIN, and a login needs one.`,
};

/**
 * What each status means in a login or a registration. One that is not here is a failure shown with its number.
 *
 * Source: CTAP.md, "Status codes"; a missed touch is 0x2f by the specification and 0x3a on YubiKey 5 and Solo.
 */
const STATUS: ReadonlyMap<number, StatusSpec> = new Map([
  [
    0x01,
    {
      code: "security-key-unsupported",
      says: ({ keyName }) => `${keyName} is too old: it does not speak FIDO2.`,
    },
  ],
  [0x05, UNTOUCHED],
  [0x2f, UNTOUCHED],
  [0x3a, UNTOUCHED],
  [
    0x27,
    {
      code: "security-key-declined",
      says: ({ keyName, act = "login" }) => `The ${act} was declined on ${keyName}.`,
    },
  ],
  [0x2d, { code: "interrupted", says: ({ act = "login" }) => `The ${act} was interrupted.` }],
  [
    CTAP_STATUS.credentialExcluded,
    {
      code: "security-key-enrolled",
      says: ({ keyName, rpId }) => `${keyName} is registered for you at ${rpId} already.`,
    },
  ],
  [
    0x26,
    {
      code: "security-key-unsupported",
      says: ({ keyName }) => `${keyName} does not know the signatures that the server takes (ES256).`,
    },
  ],
  [
    0x28,
    { code: "security-key-full", says: ({ keyName }) => `${keyName} has no room for another credential.` },
  ],
  [
    CTAP_STATUS.pinPolicyViolation,
    { code: "pin-unsuitable", says: ({ keyName }) => `${keyName} does not take this as its PIN.` },
  ],
  [
    CTAP_STATUS.noCredentials,
    {
      code: "security-key-not-enrolled",
      says: ({ keyName, rpId }) => `${keyName} holds no credential for ${rpId}.`,
    },
  ],
  [CTAP_STATUS.pinInvalid, { code: "pin-wrong", says: () => "The PIN is wrong." }],
  [
    CTAP_STATUS.pinBlocked,
    {
      code: "pin-blocked",
      says: ({ keyName }) => `The PIN of ${keyName} is blocked for good: it was wrong too often.`,
    },
  ],
  [
    CTAP_STATUS.pinAuthBlocked,
    {
      code: "pin-locked",
      says: ({ keyName }) =>
        `${keyName} takes no PIN until it is plugged in again: three in a row were wrong.`,
    },
  ],
  [0x35, PIN_MISSING],
] satisfies [number, StatusSpec][]);

/** The error to show for a status byte. */
export function statusError(error: CtapStatusError, context: StatusContext): VouchError {
  const spec = STATUS.get(error.status);
  return spec === undefined
    ? new VouchError(
        "security-key-failed",
        `${context.keyName} refused the ${context.act ?? "login"} (${error.message}).`,
      )
    : new VouchError(spec.code, spec.says(context), { cause: error });
}
