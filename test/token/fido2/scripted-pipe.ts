import type { HidPipe, PipeListener } from "../../../token/fido2/hid/security-keys.ts";

/** A message of the host, put together from its reports. */
export interface HostMessage {
  readonly cid: number;
  readonly command: number;
  readonly payload: Buffer;
}

export const INIT = 0x06;
export const CBOR = 0x10;
export const CANCEL = 0x11;
export const KEEPALIVE = 0x3b;
export const ERROR = 0x3f;
/** What a key says in an error on a channel that it did not give. Source: token/fido2/CTAP.md, "CTAPHID errors". */
export const INVALID_CHANNEL = Buffer.of(0x0b);
export const BROADCAST = 0xffff_ffff;
/** The channel that `answerInit` gives. Its first byte is zero on purpose. */
export const CHANNEL = 0x0000_0a01;

/** A key that does what a test says, message by message. It frames by itself, apart from the code under test. */
export class ScriptedPipe implements HidPipe {
  readonly sent: HostMessage[] = [];
  closed = 0;
  #listener: PipeListener | undefined;
  #gone = false;
  #partial: { cid: number; command: number; payload: Buffer; filled: number } | undefined;
  readonly #onMessage: (message: HostMessage, pipe: ScriptedPipe) => void;

  constructor(onMessage: (message: HostMessage, pipe: ScriptedPipe) => void) {
    this.#onMessage = onMessage;
  }

  readonly listen = (listener: PipeListener): void => {
    this.#listener = listener;
  };

  readonly write = async (report: Uint8Array): Promise<void> => {
    if (this.#gone) throw new Error("Cannot write to hid device: No such device");
    if (report.length !== 64) throw new Error(`a report has 64 bytes, not ${report.length}`);
    const bytes = Buffer.from(report);
    const cid = bytes.readUInt32BE(0);
    if (bytes.readUInt8(4) & 0x80) {
      const payload = Buffer.alloc(bytes.readUInt16BE(5));
      this.#partial = { cid, command: bytes.readUInt8(4) & 0x7f, payload, filled: bytes.copy(payload, 0, 7) };
    } else if (this.#partial !== undefined) {
      this.#partial.filled += bytes.copy(this.#partial.payload, this.#partial.filled, 5);
    }
    const whole = this.#partial;
    if (whole !== undefined && whole.filled >= whole.payload.length) {
      this.#partial = undefined;
      const message = { cid: whole.cid, command: whole.command, payload: whole.payload };
      this.sent.push(message);
      queueMicrotask(() => this.#onMessage(message, this));
    }
  };

  readonly close = async (): Promise<void> => {
    this.closed += 1;
  };

  /** A report of any length, as it is. */
  feed(report: Uint8Array): void {
    this.#listener?.report(report);
  }

  /** One report, written without its trailing zeros. */
  report(bytes: Uint8Array): void {
    this.feed(Buffer.concat([bytes, Buffer.alloc(64)]).subarray(0, 64));
  }

  /** A message of at most 57 bytes. */
  answer(cid: number, command: number, payload: Uint8Array): void {
    const head = Buffer.alloc(7);
    head.writeUInt32BE(cid);
    head.writeUInt8(0x80 | command, 4);
    head.writeUInt16BE(payload.length, 5);
    this.report(Buffer.concat([head, payload]));
  }

  /** The answer to INIT: the nonce, CHANNEL, and the capabilities of a YubiKey. */
  answerInit({ cid, payload }: HostMessage, { nonce = payload, channel = CHANNEL } = {}): void {
    const body = Buffer.concat([nonce, Buffer.alloc(4), Buffer.from([2, 5, 4, 3, 0x05])]);
    body.writeUInt32BE(cid === BROADCAST ? channel : cid, 8);
    this.answer(cid, INIT, body);
  }

  unplug(): void {
    this.#gone = true;
    this.#listener?.error(
      new Error(
        "could not read from HID device: hid_read_timeout: unexpected poll error (device disconnected)",
      ),
    );
  }
}
