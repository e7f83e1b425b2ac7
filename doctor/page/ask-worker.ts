import type { PageAnswer, PageRequest } from "./messages.ts";

/** Longest time for one answer, in milliseconds. */
const LIMIT_MS = 10_000;

/** What the page asks, but for the number of the question. */
export type Question = PageRequest extends infer R ? (R extends unknown ? Omit<R, "id"> : never) : never;

/** Asks one question at a time. A worker that takes too long, or that nobody waits for any more, is ended. */
export class WorkerDoor {
  readonly #source: Promise<string>;
  #worker: Worker | undefined;
  #isBusy = false;
  #last = 0;

  /** `source` is the address of the worker's script. */
  constructor(source: Promise<string>) {
    this.#source = source;
  }

  /** The answer; undefined where another question came meanwhile. */
  async ask(question: Question): Promise<PageAnswer | undefined> {
    this.#last += 1;
    const id = this.#last;
    if (this.#isBusy) this.#end();
    const source = await this.#source;
    if (id !== this.#last) return undefined;
    this.#worker ??= new Worker(scriptAddress(source));
    this.#isBusy = true;
    const answer = await this.#answerOf(this.#worker, { ...question, id } as PageRequest);
    if (id !== this.#last) return undefined;
    this.#isBusy = false;
    return answer;
  }

  #answerOf(worker: Worker, request: PageRequest): Promise<PageAnswer> {
    return new Promise((resolve) => {
      const refuse = (why: string) => {
        if (this.#worker === worker) this.#end();
        resolve({ id: request.id, kind: "refused", why });
      };
      const timer = setTimeout(
        () => refuse(`It takes longer than ${LIMIT_MS / 1000} seconds: leave some of it out.`),
        LIMIT_MS,
      );
      worker.onmessage = ({ data }: MessageEvent<PageAnswer>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        clearTimeout(timer);
        refuse("It cannot be judged: the doctor failed on it.");
      };
      worker.postMessage(request);
    });
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isBusy = false;
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
