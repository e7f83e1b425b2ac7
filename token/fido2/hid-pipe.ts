/**
 * Bytes of one HID report, in either direction, without a report id.
 *
 * Source: CTAP.md, "Devices".
 */
export const REPORT_SIZE = 64;

/** Who hears what arrives from the key. */
export interface PipeListener {
  readonly report: (report: Uint8Array) => void;
  /** The wire broke, as when the key is unplugged. Nothing arrives afterwards. */
  readonly error: (error: Error) => void;
}

/**
 * A wire to one security key that carries bare reports of `REPORT_SIZE` bytes.
 *
 * Nothing above this interface knows what is plugged in. One rule for the report id: FIDO has none, so it exists
 * only below; the zero that operating systems want in front of a written report is added by the implementation.
 * Deliberately absent: reading on demand (reports come when they come) and any idea of messages.
 */
export interface HidPipe {
  /** Called once, before the first write: what arrives earlier is lost. */
  readonly listen: (listener: PipeListener) => void;
  /** Rejects when the wire is broken or closed. */
  readonly write: (report: Uint8Array) => Promise<void>;
  /** Lets go of the key; an open pipe keeps the process alive. May be called twice. */
  readonly close: () => Promise<void>;
}
