import type { HidPipe } from "./hid-pipe.ts";

/** A plugged-in FIDO key. */
export interface SecurityKeyInfo {
  /** Its device: `/dev/hidraw3`. */
  readonly path: string;
  /** For users: `Yubico YubiKey OTP+FIDO+CCID`. */
  readonly name: string;
}

/**
 * The security keys of this machine: the seam between a login and the hardware.
 *
 * Keys that only speak U2F are in the list too; this only shows once they are asked.
 */
export interface SecurityKeys {
  readonly list: () => Promise<readonly SecurityKeyInfo[]>;
  /** Throws `security-key-unreadable` if the key is present but this user may not open it. */
  readonly open: (key: SecurityKeyInfo) => Promise<HidPipe>;
  /** What to do on this machine if the list stays empty although a key is plugged in. */
  readonly missingHint?: string | undefined;
}
