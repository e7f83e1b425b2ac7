import { VouchError } from "../errors/errors.ts";

/** Codes of CTAPHID_ERROR that we distinguish. Source: CTAP.md, "CTAPHID errors". */
const HID_ERROR = {
  invalidCommand: 0x01,
  invalidSequence: 0x04,
  messageTimeout: 0x05,
  channelBusy: 0x06,
  lockRequired: 0x0a,
  invalidChannel: 0x0b,
} as const;

/** What the client may try after an error before it gives up. */
export type HidRecovery = "wait" | "resync" | "new-channel" | "none";

export function hidRecovery(code: number): HidRecovery {
  switch (code) {
    case HID_ERROR.channelBusy:
    case HID_ERROR.lockRequired:
      return "wait";
    case HID_ERROR.invalidSequence:
    case HID_ERROR.messageTimeout:
      return "resync";
    case HID_ERROR.invalidChannel:
      return "new-channel";
    default:
      return "none";
  }
}

/** The error to throw if nothing more can be tried. A key that has answered before is one that speaks FIDO2. */
export function hidError(code: number, hasAnswered: boolean): VouchError {
  if (code === HID_ERROR.invalidCommand && !hasAnswered) {
    return new VouchError(
      "security-key-unsupported",
      "The security key does not support FIDO2: it supports only U2F, or FIDO2 is disabled on it.",
    );
  }
  const shown = `0x${code.toString(16).padStart(2, "0")}`;
  return new VouchError("security-key-failed", `The security key returned transport error ${shown}.`);
}
