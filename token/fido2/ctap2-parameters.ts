import type { CborMap } from "./ctap-cbor.ts";

/** ES256, the only algorithm of a Vouch server, as its COSE number. Source: CTAP.md, "CBOR and COSE". */
const ES256 = { alg: -7, type: "public-key" };

/**
 * How the key knows that its user has been verified: by a token that authenticates the request, or "built-in", which asks an
 * older fingerprint key to verify within the request; "none" is enough to ask what it holds.
 */
export type UserVerification =
  | { readonly protocol: number; readonly pinUvAuthParam: Uint8Array }
  | "built-in"
  | "none";

export interface GetAssertionRequest {
  readonly rpId: string;
  readonly clientDataHash: Uint8Array;
  /** Ids of credentials to look for; if absent, all discoverable ones. */
  readonly allowIds?: readonly Uint8Array[];
  readonly verification: UserVerification;
  /** False looks for a credential without a touch. */
  readonly touch: boolean;
}

export interface MakeCredentialRequest {
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: Uint8Array; readonly name: string };
  /** Ids of credentials of which the key must hold none. */
  readonly excludeIds: readonly Uint8Array[];
  readonly verification: UserVerification;
}

/** Empty lists and options with their default value are not sent. Source: CTAP.md, "getAssertion". */
export function assertionParameters(request: GetAssertionRequest): CborMap {
  const { rpId, clientDataHash, allowIds = [], verification, touch } = request;
  const options = { ...(touch ? {} : { up: false }), ...uvOption(verification) };
  return new Map<number, unknown>([
    [0x01, rpId],
    [0x02, clientDataHash],
    ...(allowIds.length === 0 ? [] : [[0x03, allowIds.map(descriptor)] as const]),
    ...(Object.keys(options).length === 0 ? [] : [[0x05, options] as const]),
    ...proofMembers(verification, [0x06, 0x07]),
  ]);
}

/** A discoverable credential; an empty list is not sent. Source: CTAP.md, "makeCredential". */
export function credentialParameters(request: MakeCredentialRequest): CborMap {
  const { clientDataHash, rp, user, excludeIds, verification } = request;
  return new Map<number, unknown>([
    [0x01, clientDataHash],
    [0x02, { id: rp.id, name: rp.name }],
    [0x03, { id: user.id, name: user.name, displayName: user.name }],
    [0x04, [ES256]],
    ...(excludeIds.length === 0 ? [] : [[0x05, excludeIds.map(descriptor)] as const]),
    [0x07, { rk: true, ...uvOption(verification) }],
    ...proofMembers(verification, [0x08, 0x09]),
  ]);
}

/** A makeCredential that creates nothing. Source: CTAP.md, "authenticatorSelection". */
export const EMPTY_PIN_PARAMETERS: CborMap = new Map<number, unknown>([
  [0x01, Buffer.alloc(32)],
  [0x02, { id: "touch.invalid", name: "touch" }],
  [0x03, { id: Buffer.from([0]), name: "touch", displayName: "touch" }],
  [0x04, [ES256]],
  ...proofMembers({ protocol: 1, pinUvAuthParam: new Uint8Array() }, [0x08, 0x09]),
]);

function uvOption(verification: UserVerification): { readonly uv?: true } {
  return verification === "built-in" ? { uv: true } : {};
}

/** `members` are the map keys of the proof and of its protocol. */
function proofMembers(
  verification: UserVerification,
  [param, protocol]: readonly [number, number],
): (readonly [number, unknown])[] {
  if (typeof verification === "string") return [];
  return [
    [param, verification.pinUvAuthParam],
    [protocol, verification.protocol],
  ];
}

function descriptor(id: Uint8Array): { readonly id: Uint8Array; readonly type: string } {
  return { id, type: "public-key" };
}
