import { VouchError } from "../errors/errors.ts";
import { type HidMessage, messageReports } from "./hid-frames.ts";
import type { HidPipe, PipeListener } from "./hid-pipe.ts";

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
