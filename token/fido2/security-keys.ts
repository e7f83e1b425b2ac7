import type { HidPipe } from "./hid-pipe.ts";

/** A FIDO key that is plugged in. */
export interface SecurityKeyInfo {
  /** Where the operating system keeps it: `/dev/hidraw3`. */
  readonly path: string;
  /** For people: `Yubico YubiKey OTP+FIDO+CCID`. */
  readonly name: string;
}

/**
 * The security keys of this machine: the seam between a login and what is plugged in.
 *
 * Keys that only speak U2F are in the list too; that shows when they are asked.
 */
export interface SecurityKeys {
  readonly list: () => Promise<readonly SecurityKeyInfo[]>;
  /** Throws `security-key-unreadable` when the key is there and this user may not open it. */
  readonly open: (key: SecurityKeyInfo) => Promise<HidPipe>;
  /** What to do on this machine when the list stays empty although a key is plugged in. */
  readonly missingHint?: string | undefined;
}
