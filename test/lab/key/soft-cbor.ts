import { decode, encode } from "cborg";

/** A CTAP2 status other than success, thrown to end a command. */
export class SoftStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status 0x${status.toString(16)}`);
    this.status = status;
  }
}

/** Status bytes a software key answers with. Source: token/fido2/CTAP.md, "Status codes". */
export const STATUS = {
  invalidCommand: 0x01,
  invalidParameter: 0x02,
  invalidLength: 0x03,
  unexpectedType: 0x11,
  invalidCbor: 0x12,
  missingParameter: 0x14,
  credentialExcluded: 0x19,
  unsupportedAlgorithm: 0x26,
  operationDenied: 0x27,
  keyStoreFull: 0x28,
  unsupportedOption: 0x2b,
  invalidOption: 0x2c,
  keepaliveCancel: 0x2d,
  noCredentials: 0x2e,
  notAllowed: 0x30,
  pinInvalid: 0x31,
  pinBlocked: 0x32,
  pinAuthInvalid: 0x33,
  pinAuthBlocked: 0x34,
  pinNotSet: 0x35,
  puatRequired: 0x36,
  pinPolicyViolation: 0x37,
  requestTooLarge: 0x39,
  uvBlocked: 0x3c,
  invalidSubcommand: 0x3e,
  uvInvalid: 0x3f,
  unauthorizedPermission: 0x40,
} as const;

/** How deep CTAP2 CBOR may nest. Source: token/fido2/CTAP.md, "CBOR and COSE". */
const MAX_DEPTH = 4;

/** A command's parameters. Anything but CTAP2 canonical CBOR is refused, as strict keys do. */
export function decodeParameters(bytes: Uint8Array): Parameters {
  let value: unknown;
  try {
    value = decode(bytes, {
      useMaps: true,
      strict: true,
      rejectDuplicateMapKeys: true,
      allowIndefinite: false,
    });
  } catch {
    throw new SoftStatus(STATUS.invalidCbor);
  }
  if (depthOf(value) > MAX_DEPTH || !Buffer.from(encode(value)).equals(bytes)) {
    throw new SoftStatus(STATUS.invalidCbor);
  }
  if (!(value instanceof Map)) {
    throw new SoftStatus(STATUS.unexpectedType);
  }
  return new Parameters(value);
}

function depthOf(value: unknown): number {
  if (value instanceof Map) {
    return 1 + Math.max(0, ...[...value].flat().map(depthOf));
  }
  return Array.isArray(value) ? 1 + Math.max(0, ...value.map(depthOf)) : 0;
}

/** Reads parameters and refuses those of the wrong type or length. */
export class Parameters {
  readonly #map: ReadonlyMap<unknown, unknown>;

  constructor(map: ReadonlyMap<unknown, unknown>) {
    this.#map = map;
  }

  get size(): number {
    return this.#map.size;
  }

  has(key: unknown): boolean {
    return this.#map.has(key);
  }

  bytes(key: unknown, length?: number): Uint8Array {
    const value = this.#typed(key, (found) => found instanceof Uint8Array);
    if (length !== undefined && value.length !== length) {
      throw new SoftStatus(STATUS.invalidLength);
    }
    return value;
  }

  text(key: unknown): string {
    return this.#typed(key, (found) => typeof found === "string");
  }

  number(key: unknown): number {
    return this.#typed(key, (found) => typeof found === "number");
  }

  map(key: unknown): Parameters {
    return new Parameters(this.#typed(key, (found) => found instanceof Map));
  }

  list(key: unknown): unknown[] {
    return this.#typed(key, (found) => Array.isArray(found));
  }

  /** A list of maps. */
  maps(key: unknown): Parameters[] {
    return this.list(key).map((item) => {
      if (!(item instanceof Map)) {
        throw new SoftStatus(STATUS.unexpectedType);
      }
      return new Parameters(item);
    });
  }

  /** undefined when it is not there. */
  flag(key: string): boolean | undefined {
    return this.has(key) ? this.#typed(key, (found) => typeof found === "boolean") : undefined;
  }

  #typed<T>(key: unknown, fits: (value: unknown) => value is T): T {
    const value = this.#map.get(key);
    if (value === undefined) {
      throw new SoftStatus(STATUS.missingParameter);
    }
    if (!fits(value)) {
      throw new SoftStatus(STATUS.unexpectedType);
    }
    return value;
  }
}
