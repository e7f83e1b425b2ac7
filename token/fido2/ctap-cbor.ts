import { decode, encode } from "cborg";
import { VouchError } from "../errors/errors.ts";

/** A decoded map. CTAP2 uses integer keys in commands and text keys in WebAuthn's own structures. */
export type CborMap = ReadonlyMap<unknown, unknown>;

/** A command's parameters in CTAP2 canonical CBOR. Source: CTAP.md, "CBOR and COSE". */
export function encodeParameters(parameters: CborMap): Uint8Array {
  return encode(parameters);
}

/**
 * The map a key answered with; an empty answer is an empty map.
 *
 * Strict where strictness tells a broken key: keys are numbers and text, and what comes out as other bytes when it is
 * encoded again was not in its shortest form, had a key twice, or text that is no UTF-8. Lenient on *undefined* and on the
 * order of keys, with which one emulator is free. Source: CTAP.md, "CBOR and COSE".
 */
export function decodeAnswer(bytes: Uint8Array): CborMap {
  if (bytes.length === 0) {
    return new Map();
  }
  try {
    const value: unknown = decode(bytes, { useMaps: true, allowInfinity: false, allowNaN: false });
    if (value instanceof Map && hasPlainKeys(value) && isEncoded(value, bytes)) {
      return value;
    }
  } catch (error) {
    throw malformedAnswer(error);
  }
  throw malformedAnswer();
}

/** Of keys of other types equal ones are not told apart, and cborg warns of them on stderr. */
function hasPlainKeys(value: unknown): boolean {
  if (value instanceof Map) {
    return [...value].every(
      ([key, each]) => /^(?:number|bigint|string)$/.test(typeof key) && hasPlainKeys(each),
    );
  }
  return !Array.isArray(value) || value.every(hasPlainKeys);
}

/** Whether a value is encoded to these bytes, with its keys in the order they came in. */
function isEncoded(value: CborMap, bytes: Uint8Array): boolean {
  return Buffer.from(encode(value, { mapSorter: () => 0 })).equals(bytes);
}

/** The error of a key whose answer is not what CTAP2 says. It carries nothing of the answer, which may be secret. */
export function malformedAnswer(cause?: unknown): VouchError {
  return new VouchError("security-key-failed", "The security key's answer is malformed.", { cause });
}

/** A value that must be there. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw malformedAnswer();
  }
  return value;
}

/** The bytes under a key; undefined when there is nothing. */
export function bytesAt(map: CborMap, key: unknown): Uint8Array | undefined {
  return valueAt(map, key, (value) => value instanceof Uint8Array);
}

export function mapAt(map: CborMap, key: unknown): CborMap | undefined {
  return valueAt(map, key, (value) => value instanceof Map);
}

export function textAt(map: CborMap, key: unknown): string | undefined {
  return valueAt(map, key, (value) => typeof value === "string");
}

/** A count or a size: all numbers that answers hold are unsigned integers, and none comes near 2^53. */
export function numberAt(map: CborMap, key: unknown): number | undefined {
  return valueAt(map, key, (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);
}

export function booleanAt(map: CborMap, key: unknown): boolean | undefined {
  return valueAt(map, key, (value) => typeof value === "boolean");
}

export function listAt(map: CborMap, key: unknown): readonly unknown[] | undefined {
  return valueAt(map, key, (value) => Array.isArray(value));
}

function valueAt<T>(map: CborMap, key: unknown, fits: (value: unknown) => value is T): T | undefined {
  const value = map.get(key);
  if (value === undefined) {
    return undefined;
  }
  if (!fits(value)) {
    throw malformedAnswer();
  }
  return value;
}
