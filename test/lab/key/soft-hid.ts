import type { Timers } from "../../../token/timers.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import { softReports } from "./soft-reports.ts";

/** Source: token/fido2/CTAP.md, "CTAPHID commands". */
const COMMAND = {
  ping: 0x01,
  init: 0x06,
  wink: 0x08,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
};
/** Source: token/fido2/CTAP.md, "CTAPHID errors". */
const ERROR = {
  invalidCommand: 0x01,
  invalidLength: 0x03,
  invalidSequence: 0x04,
  timeout: 0x05,
  busy: 0x06,
  invalidChannel: 0x0b,
};
const BROADCAST = 0xffff_ffff;
/** Source: token/fido2/CTAP.md, "Frames". */
const MAX_PAYLOAD = 7609;
/**
 * An incomplete request is dropped after this, in milliseconds. Source: token/fido2/CTAP.md, "Channels": 500 on RIOT.
 */
const FRAME_TIMEOUT_MS = 500;
/** Between two keepalives, in milliseconds: at least every 100. Source: token/fido2/CTAP.md, "CTAPHID commands". */
const KEEPALIVE_MS = 90;

/** What a running command may do on the wire. */
export interface CommandLine {
  /** Reports a status now, and again until the command ends. */
  readonly status: (status: 1 | 2) => void;
  /** CANCEL came. */
  readonly cancelled: AbortSignal;
}

export interface SoftHidOptions {
  readonly profile: SoftKeyProfile;
  readonly timers: Timers;
  /** Passes a report to everybody who has the key open. */
  readonly send: (report: Uint8Array) => void;
  /** Runs a CTAP2 command. */
  readonly run: (request: Uint8Array, line: CommandLine) => Promise<Uint8Array>;
}

interface Assembly {
  readonly cid: number;
  readonly command: number;
  readonly payload: Buffer;
  filled: number;
  sequence: number;
  readonly stopTimer: () => void;
}

interface Running {
  readonly cid: number;
  readonly abort: AbortController;
  /** Its channel was resynchronised: nobody waits for the answer. */
  dropped: boolean;
}

/**
 * The key's end of CTAPHID, written apart from the client's. Source: token/fido2/CTAP.md, "Frames" to "CTAPHID errors".
 * Absent: LOCK, U2F messages.
 */
export class SoftHid {
  readonly #options: SoftHidOptions;
  #lastCid = 0x0001_0000;
  readonly #channels = new Set<number>();
  #assembly: Assembly | undefined;
  #running: Running | undefined;

  constructor(options: SoftHidOptions) {
    this.#options = options;
  }

  powerUp(): void {
    this.#channels.clear();
    this.#dropAssembly();
    this.#dropRunning();
  }

  /** A report from the platform. Channels begin with a zero byte, which shows when a report id was forgotten. */
  receive(report: Buffer): void {
    const cid = report.readUInt32BE(0);
    const marker = report.readUInt8(4);
    if (marker & 0x80) {
      this.#first(cid, marker & 0x7f, report);
    } else if (this.#assembly?.cid === cid) {
      this.#further(this.#assembly, marker, report);
    }
  }

  #first(cid: number, command: number, report: Buffer): void {
    const length = report.readUInt16BE(5);
    const longest = command === COMMAND.cbor ? this.#options.profile.maxMsgSize : MAX_PAYLOAD;
    if (command === COMMAND.init) {
      this.#init(cid, report.subarray(7, 7 + length));
    } else if (!this.#channels.has(cid)) {
      this.#error(cid, ERROR.invalidChannel);
    } else if (command === COMMAND.cancel) {
      this.#cancel(cid);
    } else if (this.#running !== undefined || (this.#assembly !== undefined && this.#assembly.cid !== cid)) {
      this.#error(cid, ERROR.busy);
    } else if (this.#assembly !== undefined) {
      this.#fail(cid, ERROR.invalidSequence);
    } else if (length > longest) {
      this.#error(cid, ERROR.invalidLength);
    } else {
      this.#begin(cid, command, report);
    }
  }

  #begin(cid: number, command: number, report: Buffer): void {
    const payload = Buffer.alloc(report.readUInt16BE(5));
    const filled = report.copy(payload, 0, 7);
    const stopTimer = this.#options.timers.after(FRAME_TIMEOUT_MS, () => this.#fail(cid, ERROR.timeout));
    this.#assembly = { cid, command, payload, filled, sequence: 0, stopTimer };
    this.#completeIfWhole(this.#assembly);
  }

  #further(assembly: Assembly, sequence: number, report: Buffer): void {
    if (sequence !== assembly.sequence) {
      this.#fail(assembly.cid, ERROR.invalidSequence);
      return;
    }
    assembly.sequence += 1;
    assembly.filled += report.copy(assembly.payload, assembly.filled, 5);
    this.#completeIfWhole(assembly);
  }

  #completeIfWhole({ cid, command, payload, filled }: Assembly): void {
    if (filled < payload.length) {
      return;
    }
    this.#dropAssembly();
    const { profile } = this.#options;
    if (command === COMMAND.cbor && profile.speaksCtap2) {
      void this.#run(cid, payload);
    } else if (command === COMMAND.ping || (command === COMMAND.wink && profile.capabilities & 0x01)) {
      this.#send(cid, command, payload);
    } else {
      this.#error(cid, ERROR.invalidCommand);
    }
  }

  /** On broadcast it opens a channel, on a channel it drops what that channel was doing. */
  #init(cid: number, nonce: Buffer): void {
    if (nonce.length !== 8) {
      this.#error(cid, ERROR.invalidLength);
      return;
    }
    if (cid !== BROADCAST && !this.#channels.has(cid)) {
      this.#error(cid, ERROR.invalidChannel);
      return;
    }
    let channel = cid;
    if (cid === BROADCAST) {
      this.#lastCid += 1;
      channel = this.#lastCid;
      this.#channels.add(channel);
    } else {
      this.#resync(cid);
    }
    const { firmware, capabilities } = this.#options.profile;
    const answer = Buffer.alloc(17);
    nonce.copy(answer);
    answer.writeUInt32BE(channel, 8);
    answer.set([2, ...firmware, capabilities], 12);
    this.#send(cid, COMMAND.init, answer);
  }

  #resync(cid: number): void {
    if (this.#assembly?.cid === cid) {
      this.#dropAssembly();
    }
    if (this.#running?.cid === cid) {
      this.#dropRunning();
    }
  }

  #dropRunning(): void {
    if (this.#running !== undefined) {
      this.#running.dropped = true;
      this.#running.abort.abort();
      this.#running = undefined;
    }
  }

  #cancel(cid: number): void {
    if (this.#running?.cid === cid) {
      this.#running.abort.abort();
    }
  }

  async #run(cid: number, request: Buffer): Promise<void> {
    const { timers, run } = this.#options;
    const running: Running = { cid, abort: new AbortController(), dropped: false };
    this.#running = running;
    let status: 1 | 2 = 1;
    let stop = () => {};
    const keepalive = (now: boolean) => {
      stop();
      if (now && !running.dropped) {
        this.#send(cid, COMMAND.keepalive, Buffer.from([status]));
      }
      stop = timers.after(KEEPALIVE_MS, () => keepalive(true));
    };
    keepalive(false);
    const line: CommandLine = {
      cancelled: running.abort.signal,
      status(next) {
        status = next;
        keepalive(true);
      },
    };
    const answer = await run(request, line).finally(() => stop());
    if (!running.dropped) {
      this.#running = undefined;
      this.#send(cid, COMMAND.cbor, answer);
    }
  }

  #fail(cid: number, code: number): void {
    this.#dropAssembly();
    this.#error(cid, code);
  }

  #dropAssembly(): void {
    this.#assembly?.stopTimer();
    this.#assembly = undefined;
  }

  #error(cid: number, code: number): void {
    this.#send(cid, COMMAND.error, Buffer.from([code]));
  }

  #send(cid: number, command: number, payload: Uint8Array): void {
    for (const report of softReports(cid, command, payload)) {
      this.#options.send(report);
    }
  }
}
