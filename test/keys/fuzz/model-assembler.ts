/** A message, "garbled", or nothing, as `MessageAssembler` says. */
export type Heard = { readonly command: number; readonly payload: Uint8Array } | "garbled" | undefined;

/** Puts messages together in the plainest way, to judge the program's. Source: token/fido2/CTAP.md, "Frames". */
export class ModelAssembler {
  readonly #cid: number;
  #command = 0;
  #length = -1;
  #data: number[] = [];
  #next = 0;

  constructor(cid: number) {
    this.#cid = cid;
  }

  feed(report: Uint8Array): Heard {
    const bytes = [...report];
    const [a = 0, b = 0, c = 0, d = 0, marker = 0, high = 0, low = 0] = bytes;
    if (bytes.length !== 64 || ((a * 256 + b) * 256 + c) * 256 + d !== this.#cid) return undefined;
    if (marker >= 0x80) {
      this.#command = marker - 0x80;
      this.#length = high * 256 + low;
      this.#next = 0;
      this.#data = bytes.slice(7);
      if (this.#length > 7609) return this.#giveUp();
    } else if (this.#length < 0) {
      return undefined;
    } else if (marker !== this.#next) {
      return this.#giveUp();
    } else {
      this.#next += 1;
      this.#data.push(...bytes.slice(5));
    }
    if (this.#data.length < this.#length) return undefined;
    const payload = Uint8Array.from(this.#data.slice(0, this.#length));
    this.#length = -1;
    return { command: this.#command, payload };
  }

  #giveUp(): "garbled" {
    this.#length = -1;
    return "garbled";
  }
}
