import { ours, type Run, run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { type ErrorCode, VouchError } from "../../errors/errors.ts";

/** Status bytes of CTAP2. Source: CTAP.md, "Status codes". */
export const CTAP_STATUS = {
  ok: 0x00,
  invalidCommand: 0x01,
  invalidParameter: 0x02,
  invalidLength: 0x03,
  timeout: 0x05,
  invalidCbor: 0x12,
  missingParameter: 0x14,
  credentialExcluded: 0x19,
  unsupportedAlgorithm: 0x26,
  operationDenied: 0x27,
  keyStoreFull: 0x28,
  unsupportedOption: 0x2b,
  invalidOption: 0x2c,
  keepaliveCancel: 0x2d,
  noCredentials: 0x2e,
  userActionTimeout: 0x2f,
  notAllowed: 0x30,
  pinInvalid: 0x31,
  pinBlocked: 0x32,
  pinAuthInvalid: 0x33,
  pinAuthBlocked: 0x34,
  pinNotSet: 0x35,
  pinUvAuthTokenRequired: 0x36,
  pinPolicyViolation: 0x37,
  pinTokenExpired: 0x38,
  requestTooLarge: 0x39,
  actionTimeout: 0x3a,
  upRequired: 0x3b,
  uvBlocked: 0x3c,
  invalidSubcommand: 0x3e,
  uvInvalid: 0x3f,
  unauthorizedPermission: 0x40,
} as const;

/** A key's answer with a status other than success. Does not leave this folder. */
export class CtapStatusError extends Error {
  override readonly name = "CtapStatusError";
  readonly status: number;

  constructor(status: number) {
    super(`CTAP2 status 0x${status.toString(16).padStart(2, "0")}`);
    this.status = status;
  }
}

/** For a question that the key need not answer: undefined if it refuses. Other errors are thrown. */
export function unlessStatus(error: unknown): undefined {
  if (!(error instanceof CtapStatusError)) throw error;
}

/** The names used in messages. */
interface StatusContext {
  readonly keyName: string;
  readonly rpId: string;
  /** What the key was asked for; if absent, a login. */
  readonly act?: "registration";
}

interface StatusSpec {
  readonly code: ErrorCode;
  readonly describe: (context: StatusContext, error: CtapStatusError) => string;
  /** Replaces the hint of the code; `again` is the command that failed. */
  readonly hint?: (again: Run) => string;
}

const UNTOUCHED: StatusSpec = {
  code: "security-key-untouched",
  describe: ({ keyName }) => `${keyName} was not touched in time.`,
};
const STALE: StatusSpec = {
  code: "security-key-failed",
  describe: ({ keyName }) => `${keyName} revoked its own permission twice: another program is also using it.`,
  hint: (again) =>
    withCommands`Close other programs that use the key (a browser, ssh, gpg), then run ${again}.`,
};
/** Our request was wrong for this key: only we can fix it. */
const OUR_FAULT: StatusSpec = {
  code: "security-key-failed",
  describe: ({ keyName, act = "login" }, { message }) =>
    `${keyName} did not understand the ${act} request (${message}).`,
  hint: (again) =>
    withCommands`This is a bug in kubectl-vouch. Report it with what ${{ ...again, options: { debug: true } }} prints; it does not contain the PIN.`,
};

/**
 * What each status means in a login or a registration. Others are failures shown with their number.
 *
 * Source: CTAP.md, "Status codes"; a missed touch is 0x2f by the specification and 0x3a on YubiKey 5 and Solo.
 */
const STATUS: Readonly<Record<number, StatusSpec>> = {
  [CTAP_STATUS.invalidCommand]: {
    code: "security-key-unsupported",
    describe: ({ keyName }) => `${keyName} is too old: it does not support FIDO2.`,
  },
  [CTAP_STATUS.invalidParameter]: OUR_FAULT,
  [CTAP_STATUS.invalidLength]: OUR_FAULT,
  [CTAP_STATUS.timeout]: UNTOUCHED,
  [CTAP_STATUS.invalidCbor]: OUR_FAULT,
  [CTAP_STATUS.missingParameter]: OUR_FAULT,
  [CTAP_STATUS.credentialExcluded]: {
    code: "security-key-enrolled",
    describe: ({ keyName, rpId }) => `${keyName} is already registered for you with ${rpId}.`,
  },
  [CTAP_STATUS.unsupportedAlgorithm]: {
    code: "security-key-unsupported",
    describe: ({ keyName }) => `${keyName} does not support the signatures that the server accepts (ES256).`,
  },
  [CTAP_STATUS.operationDenied]: {
    code: "security-key-declined",
    describe: ({ keyName, act = "login" }) => `The ${act} was declined on ${keyName}.`,
  },
  [CTAP_STATUS.keyStoreFull]: {
    code: "security-key-full",
    describe: ({ keyName }) => `${keyName} is full: it cannot store another credential.`,
  },
  [CTAP_STATUS.unsupportedOption]: OUR_FAULT,
  [CTAP_STATUS.invalidOption]: OUR_FAULT,
  [CTAP_STATUS.keepaliveCancel]: {
    code: "interrupted",
    describe: ({ act = "login" }) => `The ${act} was interrupted.`,
  },
  [CTAP_STATUS.noCredentials]: {
    code: "security-key-not-enrolled",
    describe: ({ keyName, rpId }) => `${keyName} does not contain a credential for ${rpId}.`,
  },
  [CTAP_STATUS.userActionTimeout]: UNTOUCHED,
  [CTAP_STATUS.notAllowed]: {
    code: "security-key-failed",
    describe: ({ keyName }) => `${keyName} stopped before everything was read from it.`,
    hint: (again) => withCommands`Run ${again} again.`,
  },
  [CTAP_STATUS.pinInvalid]: { code: "pin-wrong", describe: () => "The PIN is wrong." },
  [CTAP_STATUS.pinBlocked]: {
    code: "pin-blocked",
    describe: ({ keyName }) => `The PIN of ${keyName} is permanently blocked: it was wrong too many times.`,
  },
  [CTAP_STATUS.pinAuthInvalid]: STALE,
  [CTAP_STATUS.pinAuthBlocked]: {
    code: "pin-locked",
    describe: ({ keyName }) =>
      `${keyName} does not accept a PIN until it is plugged in again, because three in a row were wrong.`,
  },
  [CTAP_STATUS.pinNotSet]: {
    code: "pin-missing",
    describe: ({ keyName, act = "login" }) => `${keyName} does not have a PIN, but a ${act} requires one.`,
  },
  [CTAP_STATUS.pinUvAuthTokenRequired]: {
    code: "security-key-failed",
    describe: ({ keyName }) => `${keyName} requires a PIN or a fingerprint but accepted neither.`,
  },
  [CTAP_STATUS.pinPolicyViolation]: {
    code: "pin-unsuitable",
    describe: ({ keyName }) => `${keyName} does not accept this PIN.`,
  },
  [CTAP_STATUS.pinTokenExpired]: STALE,
  [CTAP_STATUS.requestTooLarge]: OUR_FAULT,
  [CTAP_STATUS.actionTimeout]: UNTOUCHED,
  [CTAP_STATUS.upRequired]: OUR_FAULT,
  [CTAP_STATUS.uvBlocked]: {
    code: "fingerprint-refused",
    describe: ({ keyName }) => `${keyName} does not accept fingerprints anymore: too many were rejected.`,
    hint: (again) =>
      withCommands`To accept fingerprints again, it needs a PIN, which is not set. Set one with ${run("ykman", "fido access change-pin")}, then run ${again}.`,
  },
  [CTAP_STATUS.invalidSubcommand]: OUR_FAULT,
  [CTAP_STATUS.uvInvalid]: {
    code: "fingerprint-refused",
    describe: ({ keyName }) => `${keyName} did not recognize the fingerprint.`,
  },
  [CTAP_STATUS.unauthorizedPermission]: OUR_FAULT,
};

/** How errors of a key begin where its name is not known. */
const UNNAMED = "The security key";

/** What failed with a key, as an error that names it. Others stay as they are. */
export function keyError(error: unknown, context: StatusContext): unknown {
  if (error instanceof CtapStatusError) return statusError(error, context);
  if (!(error instanceof VouchError) || !error.message.startsWith(UNNAMED)) return error;
  const { code, message, hint, cause } = error;
  return new VouchError(code, message.replace(UNNAMED, context.keyName), { hint, cause });
}

/** The error to show for a status byte. */
function statusError(error: CtapStatusError, context: StatusContext): VouchError {
  const spec = STATUS[error.status];
  const { keyName, act = "login" } = context;
  if (spec === undefined) {
    return new VouchError("security-key-failed", `${keyName} rejected the ${act} (${error.message}).`);
  }
  const hint = spec.hint && { hint: spec.hint(act === "login" ? ours("login") : ours("keys add")) };
  return new VouchError(spec.code, spec.describe(context, error), { cause: error, ...hint });
}
