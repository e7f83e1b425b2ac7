import { createHash, generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";
import { encode } from "cborg";

/** PIN tries a key gives in all. Source: token/fido2/CTAP.md, "PIN retries". */
export const ALL_PIN_TRIES = 8;
/** Fingers that a key with a reader looks at before it wants the PIN. Source: token/fido2/CTAP.md, "Fingers". */
export const ALL_UV_TRIES = 3;

/** A credential on a software key; byte strings are base64url. */
export interface SoftCredential {
  readonly credentialId: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly userName: string;
  readonly displayName: string;
  /** A P-256 private key. */
  readonly privateKey: JsonWebKey;
  /** Found without being named. */
  readonly discoverable: boolean;
  /** credProtect: 1, 2 or 3. Source: token/fido2/CTAP.md, "makeCredential". */
  readonly protection: number;
}

/** What a software key keeps without power, as plain JSON, and how often the PIN was wrong since it was plugged in. */
export interface SoftKeyState {
  /** The first half of the PIN's SHA-256, in hex; null when no PIN is set. */
  pinHash: string | null;
  pinRetries: number;
  wrongInARow: number;
  uvRetries: number;
  forcePinChange: boolean;
  signCount: number;
  /** Oldest first. */
  credentials: SoftCredential[];
  /** What its maker put in to vouch for the credentials it makes; without it they vouch for themselves. */
  readonly maker?: SoftMaker;
}

/** A P-256 key and its certificate, as PEM text. */
export interface SoftMaker {
  readonly key: string;
  readonly cert: string;
}

export interface NewKey {
  readonly pin?: string | undefined;
  readonly maker?: SoftMaker;
}

export function newSoftKeyState({ pin, maker }: NewKey = {}): SoftKeyState {
  return {
    ...(maker === undefined ? {} : { maker }),
    pinHash: pin === undefined ? null : softPinHash(Buffer.from(pin.normalize("NFC"))),
    pinRetries: ALL_PIN_TRIES,
    wrongInARow: 0,
    uvRetries: ALL_UV_TRIES,
    forcePinChange: false,
    signCount: 0,
    credentials: [],
  };
}

/** What a key keeps of a PIN. Source: token/fido2/CTAP.md, "PIN rules". */
export function softPinHash(pin: Uint8Array): string {
  return createHash("sha256").update(pin).digest().subarray(0, 16).toString("hex");
}

export interface EnrolRequest {
  readonly rpId: string;
  readonly userHandle: Uint8Array;
  readonly userName: string;
  readonly displayName?: string;
  readonly discoverable?: boolean;
  readonly protection?: number;
}

/** What the server keeps of an enrolment. */
export interface EnrolledCredential {
  readonly credentialId: Uint8Array;
  /** CBOR. */
  readonly cosePublicKey: Uint8Array;
  readonly counter: number;
}

/** Puts a credential on the key, as a registration does. One user has one credential per relying party. */
export function enrolCredential(state: SoftKeyState, request: EnrolRequest): EnrolledCredential {
  const { rpId, userName, displayName = userName, discoverable = true, protection = 1 } = request;
  const privateKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const credentialId = randomBytes(32);
  const userHandle = Buffer.from(request.userHandle).toString("base64url");
  const replaced = discoverable ? namesake(state, rpId, request.userHandle) : undefined;
  const others = state.credentials.filter((credential) => credential !== replaced);
  const id = credentialId.toString("base64url");
  state.credentials = [
    ...others,
    { credentialId: id, rpId, userHandle, userName, displayName, privateKey, discoverable, protection },
  ];
  return { credentialId, cosePublicKey: cosePublicKey(privateKey), counter: state.signCount };
}

/** The discoverable credential that one for this user would replace. */
export function namesake(
  { credentials }: SoftKeyState,
  rpId: string,
  userHandle: Uint8Array,
): SoftCredential | undefined {
  const handle = Buffer.from(userHandle).toString("base64url");
  return credentials.find(
    (credential) => credential.discoverable && credential.rpId === rpId && credential.userHandle === handle,
  );
}

/** Source: token/fido2/CTAP.md, "Authenticator data". */
function cosePublicKey({ x = "", y = "" }: JsonWebKey): Uint8Array {
  return encode(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, "base64url")],
      [-3, Buffer.from(y, "base64url")],
    ]),
  );
}
