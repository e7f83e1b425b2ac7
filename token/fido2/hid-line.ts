import { VouchError } from "../errors/errors.ts";
import { type HidMessage, messageReports } from "./hid-frames.ts";
import type { HidPipe, PipeListener } from "./hid-pipe.ts";

/** The pipe of one key for the length of a login: one listener at a time, and it remembers that it broke. */
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
   * Frames of one message go out back to back: keys drop a message that stalls for 100 to 800 ms (CTAP.md, "Channels").
   * What is left of it stays unsent once `isMoot`, as when a busy key refuses the first frame, so that it cannot mix
   * with the next.
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
