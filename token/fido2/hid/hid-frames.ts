import { REPORT_SIZE } from "./security-keys.ts";

/** Commands of CTAPHID. Source: CTAP.md, "CTAPHID commands". */
export const HID_COMMAND = {
  init: 0x06,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
} as const;

/** The channel on which a channel is requested. Source: CTAP.md, "Channels". */
export const BROADCAST_CID = 0xffff_ffff;

/** Marks the first frame of a message. Source: CTAP.md, "Frames". */
const INIT_BIT = 0x80;
/** Bytes before the data in the first and in each further frame. Source: CTAP.md, "Frames". */
const INIT_HEADER = 7;
const CONT_HEADER = 5;
/** Sequence numbers run from 0 to this. Source: CTAP.md, "Frames". */
const LAST_SEQUENCE = 0x7f;

/** The longest message that can be framed, in bytes. Source: CTAP.md, "Frames". */
const MAX_PAYLOAD = REPORT_SIZE - INIT_HEADER + (LAST_SEQUENCE + 1) * (REPORT_SIZE - CONT_HEADER);

/** One reassembled CTAPHID message. */
export interface HidMessage {
  readonly command: number;
  readonly payload: Uint8Array;
}

/** The reports that carry a message on a channel. */
export function messageReports(cid: number, message: HidMessage): Uint8Array[] {
  const { command, payload } = message;
  if (payload.length > MAX_PAYLOAD) {
    throw new RangeError(`a CTAPHID message can hold ${MAX_PAYLOAD} bytes, not ${payload.length}`);
  }
  const first = frame(cid, INIT_BIT | command, payload.subarray(0, REPORT_SIZE - INIT_HEADER), INIT_HEADER);
  first.writeUInt16BE(payload.length, 5);

  const reports: Uint8Array[] = [first];
  const step = REPORT_SIZE - CONT_HEADER;
  for (let at = REPORT_SIZE - INIT_HEADER; at < payload.length; at += step) {
    reports.push(frame(cid, reports.length - 1, payload.subarray(at, at + step), CONT_HEADER));
  }
  return reports;
}

function frame(cid: number, marker: number, data: Uint8Array, header: number): Buffer {
  const report = Buffer.alloc(REPORT_SIZE);
  report.writeUInt32BE(cid, 0);
  report.writeUInt8(marker, 4);
  report.set(data, header);
  return report;
}

/**
 * Reassembles the messages of one channel from reports.
 *
 * Frames of other channels are ignored: on Linux, every program that has the key open receives all reports.
 */
export class MessageAssembler {
  readonly #cid: number;
  #command = 0;
  #payload: Buffer | undefined;
  #filled = 0;
  #sequence = 0;

  constructor(cid: number) {
    this.#cid = cid;
  }

  /** The message that this report completes; "garbled" if it does not fit; else undefined. */
  feed(report: Uint8Array): HidMessage | "garbled" | undefined {
    const bytes = Buffer.from(report.buffer, report.byteOffset, report.byteLength);
    if (bytes.length !== REPORT_SIZE || bytes.readUInt32BE(0) !== this.#cid) {
      return undefined;
    }
    const marker = bytes.readUInt8(4);
    if (marker & INIT_BIT) {
      return this.#begin(marker & ~INIT_BIT, bytes);
    }
    return this.#payload === undefined ? undefined : this.#continue(this.#payload, marker, bytes);
  }

  #begin(command: number, bytes: Buffer): HidMessage | "garbled" | undefined {
    const length = bytes.readUInt16BE(5);
    if (length > MAX_PAYLOAD) {
      return this.#garbled();
    }
    this.#command = command;
    this.#filled = 0;
    this.#sequence = 0;
    return this.#take(Buffer.alloc(length), bytes.subarray(INIT_HEADER));
  }

  #continue(payload: Buffer, sequence: number, bytes: Buffer): HidMessage | "garbled" | undefined {
    if (sequence !== this.#sequence) {
      return this.#garbled();
    }
    this.#sequence += 1;
    return this.#take(payload, bytes.subarray(CONT_HEADER));
  }

  #take(payload: Buffer, data: Uint8Array): HidMessage | undefined {
    const part = data.subarray(0, payload.length - this.#filled);
    payload.set(part, this.#filled);
    this.#filled += part.length;
    const whole = this.#filled === payload.length;
    this.#payload = whole ? undefined : payload;
    return whole ? { command: this.#command, payload } : undefined;
  }

  #garbled(): "garbled" {
    this.#payload = undefined;
    return "garbled";
  }
}
