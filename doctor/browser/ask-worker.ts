import type { PageAnswer, PageRequest } from "./messages.ts";

/** Longest time for one answer, in seconds, and how much longer a megabyte may take. */
const LIMIT_S = 10;
const LIMIT_S_PER_MB = 3;

/** What the page asks, without the id. */
export type Question = PageRequest extends infer R ? (R extends unknown ? Omit<R, "id"> : never) : never;

/**
 * Puts one question at a time to a worker. Where the worker cannot be started, takes too long or crashes, the answer is a refusal;
 * then the worker is terminated, and the next question gets a new one.
 */
export class WorkerQueue {
  readonly #source: () => Promise<string>;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** Stops the current question, if there is one. */
  #stop: () => void = () => undefined;

  /** `source` gives the address of the worker's script; it is called once for each worker. */
  constructor(source: () => Promise<string>) {
    this.#source = source;
  }

  /** `size` is that of the texts, in bytes: what is longer may take longer. */
  ask(question: Question, size: number): Promise<PageAnswer> {
    const limit = LIMIT_S + Math.floor(size / 1_000_000) * LIMIT_S_PER_MB;
    const answer = this.#last.then(() => this.#askNow(question, limit));
    this.#last = answer;
    return answer;
  }

  /** Stops answering the current question. */
  stop(): void {
    this.#stop();
  }

  async #askNow(question: Question, limit: number): Promise<PageAnswer> {
    this.#count += 1;
    const request = { ...question, id: this.#count } as PageRequest;
    try {
      this.#worker ??= new Worker(scriptAddress(await this.#source()));
      return await this.#put(request, this.#worker, limit);
    } catch (error) {
      this.#end();
      return { id: request.id, kind: "refused", why: `This cannot be diagnosed here: ${error}.` };
    }
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#stop = () => undefined;
  }

  #put(request: PageRequest, worker: Worker, limit: number): Promise<PageAnswer> {
    worker.postMessage(request);
    return new Promise((resolve) => {
      const end = (answer: PageAnswer) => {
        clearTimeout(timer);
        this.#stop = () => undefined;
        resolve(answer);
      };
      const refuse = (why: string) => {
        this.#end();
        end({ id: request.id, kind: "refused", why });
      };
      const timer = setTimeout(
        () => refuse(`This takes longer than ${limit} seconds: paste less.`),
        limit * 1000,
      );
      this.#stop = () => refuse("Stopped.");
      worker.onmessage = ({ data }: MessageEvent<PageAnswer>) => end(data);
      worker.onerror = (event) => {
        event.preventDefault();
        refuse("This cannot be diagnosed: the doctor failed on it.");
      };
    });
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): { createScriptURL(text: string): string };
}

/** The address, as a browser with Trusted Types wants it. Source: https://www.w3.org/TR/trusted-types/. */
const scriptAddress: (address: string) => string = (() => {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("doctor-worker", { createScriptURL: (text) => text });
  return policy === undefined ? (address) => address : (address) => policy.createScriptURL(address);
})();
