import { decode, encode } from "cborg";
import { VouchError } from "../../errors/errors.ts";

/** A decoded map. CTAP2 uses integer keys in commands and text keys in WebAuthn's own structures. */
export type CborMap = ReadonlyMap<unknown, unknown>;

/** A command's parameters in CTAP2 canonical CBOR. Source: CTAP.md, "CBOR and COSE". */
export function encodeParameters(parameters: CborMap): Uint8Array {
  return encode(parameters);
}

/**
 * The map in a key's answer; an empty answer is an empty map.
 *
 * Strict if that reveals a broken key: map keys are numbers and text, and an answer that is not reproduced byte for byte when
 * encoded again was not in its shortest form, had a key twice, or had text that is not UTF-8. Lenient about *undefined* and the
 * order of keys, which one emulator does not observe. Source: CTAP.md, "CBOR and COSE".
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

/** For keys of other types, equal ones are not recognized, and cborg warns about them on stderr. */
function hasPlainKeys(value: unknown): boolean {
  if (value instanceof Map) {
    return [...value].every(
      ([key, each]) => /^(?:number|bigint|string)$/.test(typeof key) && hasPlainKeys(each),
    );
  }
  return !Array.isArray(value) || value.every(hasPlainKeys);
}

/** Whether a value encodes to these bytes, with its keys in their original order. */
function isEncoded(value: CborMap, bytes: Uint8Array): boolean {
  return Buffer.from(encode(value, { mapSorter: () => 0 })).equals(bytes);
}

/** The error for an answer that does not conform to CTAP2. It contains nothing of the answer, which may be secret. */
export function malformedAnswer(cause?: unknown): VouchError {
  return new VouchError("security-key-failed", "The security key's response is malformed.", { cause });
}

/** A value that must be present. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw malformedAnswer();
  }
  return value;
}

/** The bytes under a key; undefined if there are none. */
export function bytesAt(map: CborMap, key: unknown): Uint8Array | undefined {
  return valueAt(map, key, (value) => value instanceof Uint8Array);
}

export function mapAt(map: CborMap, key: unknown): CborMap | undefined {
  return valueAt(map, key, (value) => value instanceof Map);
}

export function textAt(map: CborMap, key: unknown): string | undefined {
  return valueAt(map, key, (value) => typeof value === "string");
}

/** A count or a size: all numbers in answers are unsigned integers, and none comes near 2^53. */
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
