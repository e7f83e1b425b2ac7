import { generateKeyPairSync, randomBytes } from "node:crypto";
import { malformedAnswer } from "./ctap-cbor.ts";
import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { TokenPurpose, Wait } from "./ctap2.ts";
import type { FoundKey } from "./open-key.ts";
import { keyAgreementKey, type PinUvProtocol, sharedPoint } from "./pin-uv.ts";

export interface TokenOptions {
  readonly protocol: PinUvProtocol;
  readonly purpose: TokenPurpose;
}

/**
 * A token for one request. A wrong PIN is thrown as its status, and has cost a try.
 *
 * A key with the option gets asked for a token that serves this purpose only; a key that then does not know the
 * subcommand has not looked at the PIN, so it is asked again in the manner of CTAP 2.0.
 */
export async function requestPinToken(
  key: FoundKey,
  { protocol, purpose }: TokenOptions,
  pinHash: Uint8Array,
): Promise<Buffer> {
  const ask = (narrowed: TokenPurpose | undefined) =>
    agreedToken(key, protocol, ({ keyAgreement, encryptionKey }) =>
      key.ctap.getPinToken({
        protocol: protocol.version,
        keyAgreement,
        pinHashEnc: protocol.encrypt(encryptionKey, pinHash, randomBytes(16)),
        purpose: narrowed,
      }),
    );
  if (key.info.options.get("pinUvAuthToken") === true) {
    try {
      return await ask(purpose);
    } catch (error) {
      if (!(error instanceof CtapStatusError) || error.status !== CTAP_STATUS.invalidSubcommand) {
        throw error;
      }
    }
  }
  return ask(undefined);
}

/** The same by a finger; one that is not recognised is thrown as its status. */
export function requestFingerprintToken(
  key: FoundKey,
  { protocol, purpose }: TokenOptions,
  wait: Wait,
): Promise<Buffer> {
  return agreedToken(key, protocol, ({ keyAgreement }) =>
    key.ctap.getFingerprintToken({ protocol: protocol.version, keyAgreement, purpose }, wait),
  );
}

interface Agreement {
  readonly keyAgreement: ReturnType<typeof keyAgreementKey>;
  readonly encryptionKey: Buffer;
}

/** The key agreement is repeated for each try: after a wrong PIN the key has a new one. */
async function agreedToken(
  key: FoundKey,
  protocol: PinUvProtocol,
  ask: (agreement: Agreement) => Promise<Uint8Array>,
): Promise<Buffer> {
  const theirs = await key.ctap.getKeyAgreement(protocol.version);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = sharedPoint(theirs, privateKey);
  const encryptionKey = protocol.encryptionKey(point);
  try {
    const token = protocol.decrypt(
      encryptionKey,
      await ask({ keyAgreement: keyAgreementKey(publicKey), encryptionKey }),
    );
    if (token === undefined) {
      throw malformedAnswer();
    }
    return token;
  } finally {
    point.fill(0);
    encryptionKey.fill(0);
  }
}
