import type { HidPipe, PipeListener } from "../../../token/fido2/hid/security-keys.ts";
import { systemTimers, type Timers } from "../../../token/timers.ts";
import type { TouchOutcome } from "./soft-consent.ts";
import { SoftCtap } from "./soft-ctap.ts";
import type { FingerOutcome } from "./soft-finger.ts";
import { type CommandLine, SoftHid } from "./soft-hid.ts";
import type { SoftKeyProfile } from "./soft-key-profiles.ts";
import type { SoftKeyState } from "./soft-key-state.ts";

/** How long a key blinks before it gives up, in milliseconds. Source: token/fido2/CTAP.md, "Channels". */
const TOUCH_MS = 30_000;
const ACCEPTED = async (): Promise<FingerOutcome> => "accepted";

export interface SoftKeyOptions {
  readonly profile: SoftKeyProfile;
  /** The state as it is now; it is read at each command, since another process may have changed it. */
  readonly loadState: () => SoftKeyState;
  readonly saveState: (state: SoftKeyState) => void;
  /** What the person does when the key blinks. */
  readonly touch: () => Promise<TouchOutcome>;
  /** What the person does when the key blinks for a finger. Theirs is accepted unless this says otherwise. */
  readonly finger?: () => Promise<FingerOutcome>;
  readonly timers?: Timers;
}

/**
 * A security key in software, as strict as real ones are. For the lab and for tests; nothing that ships may import it.
 *
 * Whoever has it open receives every report, as on Linux; a pipe that nobody listens to keeps nothing.
 */
export class SoftKey {
  readonly profile: SoftKeyProfile;
  readonly #options: SoftKeyOptions;
  readonly #timers: Timers;
  readonly #ctap: SoftCtap;
  readonly #hid: SoftHid;
  readonly #pipes = new Set<SoftPipe>();
  #plugged = true;

  constructor(options: SoftKeyOptions) {
    this.profile = options.profile;
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#ctap = new SoftCtap({ ...options, timers: this.#timers });
    this.#hid = new SoftHid({
      profile: options.profile,
      timers: this.#timers,
      send: (report) => this.#send(report),
      run: (request, line) =>
        this.#ctap.answer(request, {
          touch: () => this.#await(line, this.#options.touch),
          finger: () => this.#await(line, this.#options.finger ?? ACCEPTED),
        }),
    });
  }

  get isPlugged(): boolean {
    return this.#plugged;
  }

  open(): HidPipe {
    if (!this.#plugged) {
      throw new Error("cannot open device: No such device");
    }
    const pipe = new SoftPipe({
      write: (report) => this.#hid.receive(report),
      closed: (closed) => this.#pipes.delete(closed),
    });
    this.#pipes.add(pipe);
    return pipe;
  }

  unplug(): void {
    this.#plugged = false;
    this.#hid.powerUp();
    for (const pipe of this.#pipes) {
      pipe.lose();
    }
    this.#pipes.clear();
  }

  plugIn(): void {
    this.#plugged = true;
    this.#hid.powerUp();
    this.#ctap.powerUp();
  }

  #send(report: Uint8Array): void {
    for (const pipe of this.#pipes) {
      queueMicrotask(() => pipe.hear(report));
    }
  }

  /** Blinks until the person has acted, or the platform has enough, or the key has. */
  async #await<T>(line: CommandLine, act: () => Promise<T>): Promise<T | "cancelled" | "timeout"> {
    line.status(2);
    const expired = Promise.withResolvers<"timeout">();
    const stop = this.#timers.after(TOUCH_MS, () => expired.resolve("timeout"));
    const cancelled = new Promise<"cancelled">((resolve) => {
      line.cancelled.addEventListener("abort", () => resolve("cancelled"));
    });
    try {
      return await Promise.race([cancelled, act(), expired.promise]);
    } finally {
      stop();
    }
  }
}

interface PipeOwner {
  readonly write: (report: Buffer) => void;
  readonly closed: (pipe: SoftPipe) => void;
}

class SoftPipe implements HidPipe {
  readonly #owner: PipeOwner;
  #listener: PipeListener | undefined;
  #gone: string | undefined;

  constructor(owner: PipeOwner) {
    this.#owner = owner;
  }

  hear(report: Uint8Array): void {
    if (this.#gone === undefined) {
      this.#listener?.report(report);
    }
  }

  /** The texts are node-hid's. Source: token/fido2/CTAP.md, "node-hid". */
  lose(): void {
    this.#gone = "Cannot write to hid device: No such device";
    const reason =
      "could not read from HID device: hid_read_timeout: unexpected poll error (device disconnected)";
    queueMicrotask(() => this.#listener?.error(new Error(reason)));
  }

  readonly listen = (listener: PipeListener): void => {
    if (this.#listener !== undefined) {
      throw new Error("a pipe has one listener");
    }
    this.#listener = listener;
  };

  readonly write = async (report: Uint8Array): Promise<void> => {
    if (this.#gone !== undefined) {
      throw new Error(this.#gone);
    }
    if (report.length !== 64) {
      throw new Error(`a report has 64 bytes, not ${report.length}`);
    }
    this.#owner.write(Buffer.from(report));
  };

  readonly close = async (): Promise<void> => {
    this.#gone ??= "Cannot write to hid device: closed";
    this.#owner.closed(this);
  };
}
