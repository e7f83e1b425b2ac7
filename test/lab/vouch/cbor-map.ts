import { decode } from "cborg";

/** Undefined for anything but one CBOR map. */
export function decodeCborMap(bytes: Uint8Array): ReadonlyMap<unknown, unknown> | undefined {
  try {
    const value: unknown = decode(bytes, { useMaps: true });
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}
