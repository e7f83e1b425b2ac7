/** Bytes of a tar header and of each block. Source: POSIX.1, ustar interchange format. */
const BLOCK = 512;

/** One file out of a ustar archive, as npm packs it; undefined when it is not there. Long names are not read. */
export function fileInTar(tar: Uint8Array, wanted: string): Uint8Array | undefined {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = field(tar, at, 100);
    if (name === "") return undefined;
    const prefix = field(tar, at + 345, 155);
    const size = Number.parseInt(field(tar, at + 124, 12), 8);
    const start = at + BLOCK;
    if ((prefix === "" ? name : `${prefix}/${name}`) === wanted) return tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

function field(tar: Uint8Array, at: number, length: number): string {
  return Buffer.from(tar.subarray(at, at + length))
    .toString("latin1")
    .replace(/\0.*$/s, "")
    .trim();
}
