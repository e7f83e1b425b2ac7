import { randomBytes } from "node:crypto";
import { VouchError } from "../../errors/errors.ts";
import { interruption, pause, throwIfInterrupted } from "../../timers.ts";
import { exchange, HidLine, type HidOutcome, type HidSurroundings } from "./hid-exchange.ts";
import { BROADCAST_CID, HID_COMMAND, type HidMessage } from "./hid-frames.ts";
import type { HidPipe } from "./security-keys.ts";

/**
 * Length of the nonce that distinguishes our INIT answer from another program's, in bytes. Source: CTAP.md, "CTAPHID commands".
 */
const NONCE_SIZE = 8;
/** Length of the answer to INIT, in bytes. Source: CTAP.md, "CTAPHID commands". */
const INIT_ANSWER_SIZE = 17;
/** Offset of major, minor and build in it. Source: CTAP.md, "CTAPHID commands". */
const FIRMWARE_AT = 13;
/** Capability bit: the key supports CTAPHID_CBOR. Source: CTAP.md, "CTAPHID commands". */
const CAPABILITY_CBOR = 0x04;

/** Pause between two tries with a busy key, in milliseconds. Source: CTAP.md, "Channels". */
const BUSY_RETRY_MS = 100;
/** After this long the user is told that the key is busy, in milliseconds. Source: CTAP.md, "Channels". */
const BUSY_SILENT_MS = 5000;
/** After this long we give up on a busy key, in milliseconds. Source: CTAP.md, "Channels". */
const BUSY_LIMIT_MS = 30_000;

interface CtapHidOptions extends HidSurroundings {
  /** Another program has been using the key for a while. Called once. */
  readonly onBusy: () => void;
}

export interface SendOptions {
  /**
   * A request for which a wrong PIN or finger costs a try is sent only once, unless the key was busy and so did not look at it: tries
   * are few.
   */
  readonly spendsTry?: boolean;
  readonly onKeepalive?: ((status: number) => void) | undefined;
  /** Ends only this request, with a CANCEL to the key; the signal of the channel ends all of them. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One channel to one key: sends and receives messages, with the retries that CTAPHID allows.
 *
 * It knows nothing about CBOR. One request at a time; the caller awaits each.
 */
export class CtapHid {
  readonly #line: HidLine;
  readonly #options: CtapHidOptions;
  #cid = BROADCAST_CID;
  #capabilities = 0;
  #firmware = "";
  #busySince: number | undefined;
  #busyTold = false;
  /** The key has answered a message: it speaks FIDO2. */
  #hasAnswered = false;

  private constructor(line: HidLine, options: CtapHidOptions) {
    this.#line = line;
    this.#options = options;
  }

  /** Asks the key for a channel. Closes the pipe if that fails. */
  static async open(pipe: HidPipe, options: CtapHidOptions): Promise<CtapHid> {
    const hid = new CtapHid(new HidLine(pipe), options);
    try {
      await hid.#openChannel();
    } catch (error) {
      await hid.close();
      throw error;
    }
    return hid;
  }

  get speaksCbor(): boolean {
    return (this.#capabilities & CAPABILITY_CBOR) !== 0;
  }

  /** The version that the key reports when it is opened: `5.7.1`. */
  get firmware(): string {
    return this.#firmware;
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  /** The payload of the key's answer. */
  async send(message: HidMessage, options: SendOptions = {}): Promise<Uint8Array> {
    const mayRepeat = options.spendsTry !== true;
    const around = { ...this.#options, signal: eitherOf(this.#options.signal, options.signal) };
    let repeated = false;
    for (;;) {
      throwIfInterrupted(around.signal);
      const outcome = await exchange(
        this.#line,
        {
          ...message,
          cid: this.#cid,
          answers: isAnswerTo(message.command),
          onKeepalive: options.onKeepalive,
        },
        around,
      );
      const answer = await this.#settled(outcome);
      if (answer.command !== HID_COMMAND.error) {
        this.#busySince = undefined;
        this.#hasAnswered = true;
        return answer.payload;
      }
      const code = answer.payload[0] ?? 0;
      const recovery = hidRecovery(code);
      if (recovery === "wait") {
        await this.#waitWhileBusy();
      } else if (recovery === "none" || repeated || !mayRepeat) {
        throw hidError(code, this.#hasAnswered);
      } else {
        repeated = true;
        await (recovery === "new-channel" ? this.#openChannel() : this.#resync());
      }
    }
  }

  /** The answer, or an error that explains why there is none; after a failure the channel is resynchronized. */
  async #settled(outcome: HidOutcome): Promise<HidMessage> {
    if (outcome.kind === "answer") {
      return outcome.message;
    }
    if (outcome.kind === "cancelled") {
      throw interruption();
    }
    await this.#resync();
    throw failure(outcome);
  }

  async #openChannel(): Promise<void> {
    this.#cid = BROADCAST_CID;
    for (;;) {
      throwIfInterrupted(this.#options.signal);
      const outcome = await this.#init();
      if (outcome.kind === "cancelled") {
        throw interruption();
      }
      if (outcome.kind !== "answer") {
        throw failure(outcome);
      }
      const { command, payload } = outcome.message;
      if (command === HID_COMMAND.init) {
        this.#busySince = undefined;
        this.#cid = channelIn(payload);
        this.#capabilities = payload[INIT_ANSWER_SIZE - 1] ?? 0;
        this.#firmware = payload.subarray(FIRMWARE_AT, INIT_ANSWER_SIZE - 1).join(".");
        return;
      }
      await this.#waitWhileBusy();
    }
  }

  /**
   * INIT on our own channel drops whatever the key was doing there. If it fails, that changes nothing: the caller is about to
   * fail or to send again.
   */
  async #resync(): Promise<void> {
    await this.#init().catch(() => undefined);
  }

  #init(): Promise<HidOutcome> {
    const nonce = randomBytes(NONCE_SIZE);
    const onBroadcast = this.#cid === BROADCAST_CID;
    const request = {
      cid: this.#cid,
      command: HID_COMMAND.init,
      payload: nonce,
      answers: (message: HidMessage) => isInitAnswer(message, nonce) || (onBroadcast && isBusyError(message)),
    };
    return exchange(this.#line, request, this.#options);
  }

  async #waitWhileBusy(): Promise<void> {
    const { timers, signal, onBusy } = this.#options;
    const now = timers.now();
    this.#busySince ??= now;
    const busyMs = now - this.#busySince;
    if (busyMs >= BUSY_LIMIT_MS) {
      throw new VouchError("security-key-busy", "Another program is using the security key.");
    }
    if (busyMs >= BUSY_SILENT_MS && !this.#busyTold) {
      this.#busyTold = true;
      onBusy();
    }
    await pause(BUSY_RETRY_MS, timers, signal);
  }
}

/** A combined signal is made only if there are two: the longer-lived one keeps a reference to each. */
function eitherOf(all: AbortSignal, one: AbortSignal | undefined): AbortSignal {
  return one === undefined ? all : AbortSignal.any([all, one]);
}

function isAnswerTo(command: number): (message: HidMessage) => boolean {
  return (message) => message.command === command || message.command === HID_COMMAND.error;
}

function isInitAnswer({ command, payload }: HidMessage, nonce: Uint8Array): boolean {
  return (
    command === HID_COMMAND.init &&
    payload.length >= INIT_ANSWER_SIZE &&
    Buffer.from(payload.subarray(0, NONCE_SIZE)).equals(nonce)
  );
}

/** Channel 0 is reserved, and broadcast belongs to no one. Source: CTAP.md, "Channels". */
function channelIn(initAnswer: Uint8Array): number {
  const cid = Buffer.from(initAnswer).readUInt32BE(NONCE_SIZE);
  if (cid === 0 || cid === BROADCAST_CID)
    throw new VouchError("security-key-failed", "The security key assigned an invalid channel.");
  return cid;
}

/** Other errors on the broadcast channel may be meant for another program. */
function isBusyError({ command, payload }: HidMessage): boolean {
  return command === HID_COMMAND.error && hidRecovery(payload[0] ?? 0) === "wait";
}

function failure(outcome: Exclude<HidOutcome, { kind: "answer" | "cancelled" }>): VouchError {
  switch (outcome.kind) {
    case "silent":
      return new VouchError("security-key-failed", "The security key does not respond.");
    case "garbled":
      return new VouchError("security-key-failed", "The security key's response arrived out of order.");
    case "endless":
      return outcome.waiting
        ? new VouchError("security-key-untouched", "The security key was not touched in time.")
        : new VouchError("security-key-failed", "The security key kept working but did not respond.");
  }
}

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
type HidRecovery = "wait" | "resync" | "new-channel" | "none";

function hidRecovery(code: number): HidRecovery {
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
function hidError(code: number, hasAnswered: boolean): VouchError {
  if (code === HID_ERROR.invalidCommand && !hasAnswered) {
    return new VouchError(
      "security-key-unsupported",
      "The security key does not support FIDO2: it supports only U2F, or FIDO2 is disabled on it.",
    );
  }
  const shown = `0x${code.toString(16).padStart(2, "0")}`;
  return new VouchError("security-key-failed", `The security key returned transport error ${shown}.`);
}
