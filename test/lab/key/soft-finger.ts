import { SoftStatus, STATUS } from "./soft-cbor.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import { ALL_UV_TRIES, type SoftKeyState } from "./soft-key-state.ts";

/** What a person did when the key blinked for a finger; "refused" is a finger it does not know. */
export type FingerOutcome = "accepted" | "refused" | "timeout";

/** Blinks and waits. "cancelled" comes from the platform. */
export type Finger = () => Promise<FingerOutcome | "cancelled">;

/** One look at a finger, which is a touch too. Source: token/fido2/CTAP.md, "Fingers". */
export async function verifyFinger(
  profile: SoftKeyProfile,
  state: SoftKeyState,
  finger: Finger,
): Promise<void> {
  if (state.uvRetries === 0) {
    throw new SoftStatus(STATUS.uvBlocked);
  }
  switch (await finger()) {
    case "timeout":
      throw new SoftStatus(profile.touchTimeoutStatus);
    case "cancelled":
      throw new SoftStatus(STATUS.keepaliveCancel);
    case "refused":
      state.uvRetries -= 1;
      throw new SoftStatus(state.uvRetries === 0 ? STATUS.uvBlocked : STATUS.uvInvalid);
    case "accepted":
      state.uvRetries = ALL_UV_TRIES;
  }
}

/** Whether fingers are set up on the key. */
export function readsFingers({ options }: SoftKeyProfile): boolean {
  return options["uv"] === true;
}
