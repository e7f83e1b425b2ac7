import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { KeyOrder, KeyPlace, KeyWord, SeenReports } from "./key/orders.ts";

/** The keys of this guest, as a person handles them. */
export class KeyRig {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, PromiseWithResolvers<SeenReports>>();
  #blinking: PromiseWithResolvers<KeyPlace> | undefined;
  #orders = 0;

  constructor() {
    this.#process = fork(path.join(import.meta.dirname, "key.mjs"));
    this.#process.on("message", (word: KeyWord) => this.#hear(word));
    this.#process.on("exit", (status, signal) => {
      const gone = new Error(`the key's process ended with ${status ?? signal}`);
      for (const { reject } of this.#pending.values()) reject(gone);
      this.#blinking?.reject(gone);
    });
  }

  order(place: KeyPlace, verb: KeyOrder["verb"], reports?: number): Promise<SeenReports> {
    this.#orders += 1;
    const done = Promise.withResolvers<SeenReports>();
    this.#pending.set(this.#orders, done);
    this.#process.send({ number: this.#orders, place, verb, reports } satisfies KeyOrder);
    return done.promise;
  }

  /** The next key that waits for a touch. Called before what makes it wait. */
  nextBlink(): Promise<KeyPlace> {
    this.#blinking = Promise.withResolvers();
    return this.#blinking.promise;
  }

  end(): void {
    this.#process.removeAllListeners("exit");
    this.#process.kill("SIGKILL");
  }

  #hear(word: KeyWord): void {
    if ("blinks" in word) {
      this.#blinking?.resolve(word.blinks);
    } else if ("done" in word) {
      this.#pending.get(word.done)?.resolve(word.seen);
      this.#pending.delete(word.done);
    } else {
      this.#pending.get(word.failed)?.reject(new Error(word.why));
      this.#pending.delete(word.failed);
    }
  }
}
