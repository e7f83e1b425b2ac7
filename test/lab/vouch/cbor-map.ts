import { decode, decodeFirst } from "cborg";

export type CborMap = ReadonlyMap<unknown, unknown>;

/** Undefined for anything but one CBOR map. */
export function decodeCborMap(bytes: Uint8Array): CborMap | undefined {
  return attempt(() => decode(bytes, { useMaps: true }));
}

/** The bytes of the CBOR map that `bytes` begins with. */
export function leadingCborMap(bytes: Buffer): Buffer | undefined {
  let size = 0;
  const map = attempt(() => {
    const [value, rest] = decodeFirst(bytes, { useMaps: true });
    size = bytes.length - rest.length;
    return value;
  });
  return map && bytes.subarray(0, size);
}

function attempt(read: () => unknown): CborMap | undefined {
  try {
    const value = read();
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}
