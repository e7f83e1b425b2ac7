import { type DecodeOptions, decode } from "cbor2";

/**
 * What CTAP2 allows, but for the order of keys, which we let pass. Source: token/fido2/CTAP.md, "CBOR and COSE".
 * Negative zero is in no answer, and our reader takes it for a long form of zero.
 */
const OPTIONS: DecodeOptions = {
  requirePreferred: true,
  rejectLongFloats: true,
  rejectNegativeZero: true,
  rejectSimple: true,
  rejectStreaming: true,
  rejectDuplicateKeys: true,
  preferMap: true,
  ignoreGlobalTags: true,
};

/** The map that cbor2 reads, in words; undefined where it reads none. */
export function readBySecond(bytes: Uint8Array): string | undefined {
  try {
    return inWords(decode(bytes, OPTIONS));
  } catch {
    return undefined;
  }
}

/**
 * A map in words that are the same for the same CBOR, whoever read it; undefined for what no answer may hold, numbers
 * that are not whole among it.
 */
export function inWords(value: unknown): string | undefined {
  return value instanceof Map ? words(value) : undefined;
}

/** The least that cbor2 reads as a number, and cborg as a big one: -1 less the greatest safe number. */
const LEAST = -(2 ** 53);

function words(value: unknown): string | undefined {
  if (value instanceof Map) {
    const entries = [...value].map(([key, each]) => [isKey(key) ? words(key) : undefined, words(each)]);
    return allIn(entries.flat(), `map ${entries.map((entry) => entry.join(": ")).join(", ")}`);
  }
  if (Array.isArray(value)) {
    const items = value.map(words);
    return allIn(items, `list ${items.join(", ")}`);
  }
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString("hex")}'`;
  if (typeof value === "string") return JSON.stringify(value);
  const isNumber = typeof value === "bigint" || Number.isSafeInteger(value) || value === LEAST;
  const isSimple = value === null || value === undefined || typeof value === "boolean";
  return isNumber || isSimple ? String(value) : undefined;
}

/** Maps of CTAP2 have no other keys. */
function isKey(key: unknown): boolean {
  return typeof key === "string" || typeof key === "number" || typeof key === "bigint";
}

function allIn(parts: readonly (string | undefined)[], whole: string): string | undefined {
  return parts.includes(undefined) ? undefined : `(${whole})`;
}
