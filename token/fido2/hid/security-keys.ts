import type { KeyDialog } from "../key-dialog.ts";

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
  /** Set if the system has a dialog of its own, which is used instead of the list. */
  readonly dialog?: KeyDialog | undefined;
  /** What to do on this machine if the list stays empty although a key is plugged in. */
  readonly missingHint?: string | undefined;
}

/**
 * Bytes of one HID report, in either direction, without a report id.
 *
 * Source: CTAP.md, "Devices".
 */
export const REPORT_SIZE = 64;

/** Receives what arrives from the key. */
export interface PipeListener {
  readonly report: (report: Uint8Array) => void;
  /** The connection broke, for instance because the key was unplugged. Nothing arrives afterwards. */
  readonly error: (error: Error) => void;
}

/**
 * A connection to one security key that carries bare reports of `REPORT_SIZE` bytes.
 *
 * Nothing above this interface knows what is plugged in. Report ids exist only below it, since FIDO has none; the zero that
 * operating systems require in front of a written report is added by the implementation. Deliberately absent: reading on demand
 * (reports are delivered as they arrive) and any notion of messages.
 */
export interface HidPipe {
  /** Called once, before the first write: what arrives earlier is lost. */
  readonly listen: (listener: PipeListener) => void;
  /** Rejects if the connection is broken or closed. */
  readonly write: (report: Uint8Array) => Promise<void>;
  /** Releases the key; an open pipe keeps the process alive. May be called twice. */
  readonly close: () => Promise<void>;
}

/** Usage page and usage of a FIDO key's HID collection. Source: CTAP.md, "Devices". */
export const FIDO_USAGE_PAGE = 0xf1d0;
export const FIDO_USAGE = 0x01;

/** Short items of a report descriptor, without their size bits. Source: HID 1.11, 6.2.2. */
const ITEM = { collection: 0xa0, endCollection: 0xc0, usagePage: 0x04, usage: 0x08 };
const LONG_ITEM = 0xfe;

/** Whether a HID report descriptor declares a FIDO key: a top-level collection with that usage. */
export function isFidoDescriptor(descriptor: Uint8Array): boolean {
  let page = 0;
  let usage: number | undefined;
  let depth = 0;
  for (const { tag, value } of items(descriptor)) {
    if (tag === ITEM.usagePage) {
      page = value;
    } else if (tag === ITEM.usage) {
      usage ??= value;
    } else if (tag === ITEM.collection) {
      if (depth === 0 && page === FIDO_USAGE_PAGE && usage === FIDO_USAGE) {
        return true;
      }
      depth += 1;
      usage = undefined;
    } else if (tag === ITEM.endCollection) {
      depth -= 1;
    }
    if (isMain(tag)) {
      usage = undefined;
    }
  }
  return false;
}

function* items(descriptor: Uint8Array): Generator<{ readonly tag: number; readonly value: number }> {
  for (let at = 0; at < descriptor.length; ) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === LONG_ITEM) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 0x03] ?? 0;
    const data = descriptor.subarray(at + 1, at + 1 + size);
    yield { tag: prefix & 0xfc, value: data.reduceRight((value, byte) => value * 256 + byte, 0) };
    at += 1 + size;
  }
}

/** Main items consume local items, such as the usage. */
function isMain(tag: number): boolean {
  return (tag & 0x0c) === 0;
}
