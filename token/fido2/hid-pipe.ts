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
