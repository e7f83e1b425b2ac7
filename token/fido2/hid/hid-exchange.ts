import { VouchError } from "../../errors/errors.ts";
import type { Timers } from "../../timers.ts";
import { HID_COMMAND, type HidMessage, MessageAssembler, messageReports } from "./hid-frames.ts";
import type { HidPipe, PipeListener } from "./security-keys.ts";

/** Status of a keepalive while the key waits for a touch. Source: CTAP.md, "CTAPHID commands". */
export const KEEPALIVE_UP_NEEDED = 2;

/**
 * A key without an answer or a keepalive for this long is considered dead, in milliseconds.
 * Source: CTAP.md, "Channels".
 */
const SILENCE_MS = 5000;

/**
 * A key that keeps sending keepalives is given up after this long, in milliseconds. Keys themselves stop waiting for a touch
 * after about 30 s.
 *
 * Source: CTAP.md, "Channels" (at least 60 s).
 */
const ENDLESS_MS = 90_000;

/**
 * How long the answer to CANCEL may take, in milliseconds. It was seen within 28. Source: CTAP.md, "CTAPHID commands".
 */
const CANCEL_GRACE_MS = 1000;

/** One outgoing message. */
interface HidRequest extends HidMessage {
  readonly cid: number;
  /** Whether a complete message on the channel is the answer; other messages are ignored. */
  readonly answers: (message: HidMessage) => boolean;
  readonly onKeepalive?: ((status: number) => void) | undefined;
}

export interface HidSurroundings {
  readonly timers: Timers;
  /** When it is aborted, the key is told to CANCEL and the outcome is "cancelled". */
  readonly signal: AbortSignal;
}

/** How one exchange ended. `waiting`: an endless key was asking for a touch. */
export type HidOutcome =
  | { readonly kind: "answer"; readonly message: HidMessage }
  | { readonly kind: "silent" }
  | { readonly kind: "garbled" }
  | { readonly kind: "endless"; readonly waiting: boolean }
  | { readonly kind: "cancelled" };

/**
 * Sends one message and listens until its outcome is known. Rejects only if the connection breaks.
 *
 * It knows framing and timing, but no policy: the caller decides what to repeat and what to report.
 */
export async function exchange(
  line: HidLine,
  request: HidRequest,
  around: HidSurroundings,
): Promise<HidOutcome> {
  const running = new Exchange(line, request, around);
  try {
    return await running.run();
  } finally {
    running.end();
  }
}

class Exchange {
  readonly #line: HidLine;
  readonly #request: HidRequest;
  readonly #around: HidSurroundings;
  readonly #outcome = Promise.withResolvers<HidOutcome>();
  readonly #assembler: MessageAssembler;
  #stopIdle = () => {};
  #stopOverall = () => {};
  #lastStatus = 0;
  #sent = false;
  #cancelling = false;
  #settled = false;

  constructor(line: HidLine, request: HidRequest, around: HidSurroundings) {
    this.#line = line;
    this.#request = request;
    this.#around = around;
    this.#assembler = new MessageAssembler(request.cid);
  }

  async run(): Promise<HidOutcome> {
    const { timers, signal } = this.#around;
    this.#line.attach({ report: (report) => this.#hear(report), error: this.#outcome.reject });
    signal.addEventListener("abort", this.#cancel);
    this.#startIdle(SILENCE_MS, { kind: "silent" });
    this.#stopOverall = timers.after(ENDLESS_MS, () => {
      this.#settle({ kind: "endless", waiting: this.#lastStatus === KEEPALIVE_UP_NEEDED });
    });

    const written = this.#line.write(this.#request.cid, this.#request, () => this.#settled);
    await Promise.race([written, this.#outcome.promise]);
    this.#sent = true;
    if (signal.aborted) {
      this.#cancel();
    }
    return this.#outcome.promise;
  }

  end(): void {
    this.#around.signal.removeEventListener("abort", this.#cancel);
    this.#line.detach();
    this.#stopIdle();
    this.#stopOverall();
  }

  #settle(outcome: HidOutcome): void {
    this.#settled = true;
    this.#outcome.resolve(outcome);
  }

  #hear(report: Uint8Array): void {
    const heard = this.#assembler.feed(report);
    if (heard === undefined) {
      return;
    }
    if (heard === "garbled") {
      this.#settle(this.#cancelling ? { kind: "cancelled" } : { kind: "garbled" });
    } else if (heard.command === HID_COMMAND.keepalive) {
      this.#keepalive(heard.payload[0] ?? 0);
    } else if (this.#request.answers(heard)) {
      this.#settle(this.#cancelling ? { kind: "cancelled" } : { kind: "answer", message: heard });
    }
  }

  #keepalive(status: number): void {
    if (this.#cancelling) {
      return;
    }
    this.#lastStatus = status;
    this.#startIdle(SILENCE_MS, { kind: "silent" });
    try {
      this.#request.onKeepalive?.(status);
    } catch (error) {
      this.#outcome.reject(error);
    }
  }

  /**
   * CANCEL has no answer of its own; the cancelled request answers. A CANCEL sent before the request is complete would be lost.
   */
  readonly #cancel = (): void => {
    if (!this.#sent || this.#cancelling) {
      return;
    }
    this.#cancelling = true;
    if (this.#request.command === HID_COMMAND.init) {
      this.#settle({ kind: "cancelled" });
      return;
    }
    this.#startIdle(CANCEL_GRACE_MS, { kind: "cancelled" });
    const message = { command: HID_COMMAND.cancel, payload: new Uint8Array() };
    this.#line.write(this.#request.cid, message).catch(this.#outcome.reject);
  };

  #startIdle(ms: number, outcome: HidOutcome): void {
    this.#stopIdle();
    this.#stopIdle = this.#around.timers.after(ms, () => this.#settle(outcome));
  }
}

/** The pipe to one key for the duration of a login. It has one listener at a time, and remembers if it broke. */
export class HidLine {
  readonly #pipe: HidPipe;
  #listener: PipeListener | undefined;
  #broken: VouchError | undefined;

  constructor(pipe: HidPipe) {
    this.#pipe = pipe;
    pipe.listen({
      report: (report) => this.#listener?.report(report),
      error: (error) => {
        const broken = this.#break(error);
        this.#listener?.error(broken);
      },
    });
  }

  attach(listener: PipeListener): void {
    this.#listener = listener;
  }

  detach(): void {
    this.#listener = undefined;
  }

  /**
   * The frames of one message are sent back to back: keys drop a message that stalls for 100 to 800 ms (CTAP.md, "Channels").
   * Once `isMoot`, as when a busy key refuses the first frame, the rest is not sent, so that it cannot mix with the next message.
   */
  async write(cid: number, message: HidMessage, isMoot: () => boolean = () => false): Promise<void> {
    for (const report of messageReports(cid, message)) {
      if (isMoot()) {
        return;
      }
      if (this.#broken !== undefined) {
        throw this.#broken;
      }
      try {
        await this.#pipe.write(report);
      } catch (error) {
        throw this.#break(error);
      }
    }
  }

  close(): Promise<void> {
    return this.#pipe.close();
  }

  #break(cause: unknown): VouchError {
    this.#broken ??= new VouchError("security-key-unplugged", "The security key was unplugged.", { cause });
    return this.#broken;
  }
}
