import { ours, type Run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { type ErrorCode, VouchError } from "../../errors/errors.ts";

/** Why the dialog failed, and what it was for. */
export interface DialogFailure {
  /** An HRESULT in hexadecimal, as in {@link HelperAnswer}. */
  readonly code: string;
  readonly name: string;
  readonly rpId: string;
  readonly act: "login" | "registration";
  /** A remote desktop session. */
  readonly isRemote: boolean;
}

interface ErrorSpec {
  readonly code: ErrorCode;
  readonly describe: (failure: DialogFailure) => string;
  /** Replaces the hint of the code; `again` is the command that failed. */
  readonly hint?: (again: Run) => string;
}

/** webauthn.dll or one of its functions does not exist: Windows is older than version 1903. */
const ABSENT = ["8007007e", "8007007f"];

export function isAbsent(code: string): boolean {
  return ABSENT.includes(code);
}

const CANCELED: ErrorSpec = {
  code: "security-key-declined",
  describe: ({ act }) => `The ${act} was canceled in the Windows Security window.`,
  hint: (again) => withCommands`Run ${again} and follow the Windows Security window.`,
};
const OUR_FAULT: ErrorSpec = {
  code: "security-key-failed",
  describe: ({ act, code }) => `Windows did not understand the ${act} request (0x${code}).`,
  hint: (again) =>
    withCommands`This is a bug in kubectl-vouch. Report it with what ${{ ...again, options: { debug: true } }} prints; it does not contain the PIN.`,
};
const NOT_HERE: ErrorSpec = {
  code: "security-key-unreadable",
  describe: ({ isRemote }) =>
    isRemote
      ? "Windows cannot use a security key in this remote desktop session."
      : "Windows cannot use this security key: it might not have a PIN.",
  hint: (again) =>
    withCommands`Set its PIN in Windows Settings (Accounts > Sign-in options > Security key), on the computer into which the key is plugged, and run ${again} there.`,
};
const NO_DESKTOP: ErrorSpec = {
  code: "security-key-unreadable",
  describe: () =>
    "Windows asks for a security key in a window, but an SSH session or a service does not have a desktop.",
  hint: (again) => withCommands`Run ${again} in a terminal on the desktop of this computer.`,
};

/** By HRESULT, since names are shared by several causes. Source: CTAP.md, "Windows". */
const ERRORS: Readonly<Record<string, ErrorSpec>> = {
  "800704c7": CANCELED,
  "80090036": CANCELED,
  "800705b4": {
    code: "security-key-untouched",
    describe: () => "The Windows Security window was not answered in time.",
    hint: (again) =>
      withCommands`Run ${again}. If the Windows Security window is not in front, press Alt+Tab.`,
  },
  "80090011": {
    code: "security-key-not-enrolled",
    describe: ({ rpId }) => `Windows did not find a credential for ${rpId} on the security key.`,
  },
  "80090035": { code: "security-key-missing", describe: () => "Windows did not find a security key." },
  "80090027": OUR_FAULT,
  "80070057": OUR_FAULT,
  a0560001: OUR_FAULT,
  "80070032": NOT_HERE,
  "80090029": NOT_HERE,
  "80090023": {
    code: "security-key-full",
    describe: () => "The security key is full: it cannot store another credential.",
  },
  "8009000f": {
    code: "security-key-enrolled",
    describe: ({ rpId }) => `The security key is already registered for you with ${rpId}.`,
  },
  a0560002: NO_DESKTOP,
};

/** The error to show for a failure of the dialog. */
export function windowsError(failure: DialogFailure): VouchError {
  const { code, name, act } = failure;
  const spec = ERRORS[code];
  if (spec === undefined) {
    const what = [`0x${code}`, name].filter(Boolean).join(" ");
    return new VouchError("security-key-failed", `Windows could not complete the ${act} (${what}).`);
  }
  return errorOf(spec, failure);
}

/** No window can open where we run. */
export function noDesktop(act: DialogFailure["act"]): VouchError {
  return errorOf(NO_DESKTOP, { code: "", name: "", rpId: "", act, isRemote: false });
}

function errorOf(spec: ErrorSpec, failure: DialogFailure): VouchError {
  const again = failure.act === "login" ? ours("login") : ours("keys add");
  const hint = spec.hint && { hint: spec.hint(again) };
  return new VouchError(spec.code, spec.describe(failure), hint);
}
