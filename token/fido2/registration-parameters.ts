import type { CborMap } from "./ctap-cbor.ts";

/** ES256, the one algorithm of a Vouch server, as COSE counts. Source: CTAP.md, "CBOR and COSE". */
const ES256 = -7;

/** A PIN to set, or to change to. */
export interface NewPinRequest {
  readonly protocol: number;
  /** Our half of the key agreement. */
  readonly keyAgreement: CborMap;
  readonly newPinEnc: Uint8Array;
  readonly pinUvAuthParam: Uint8Array;
}

/** Source: CTAP.md, "clientPIN". */
export function newPinParameters(subcommand: number, request: NewPinRequest): Map<number, unknown> {
  return new Map<number, unknown>([
    [0x01, request.protocol],
    [0x02, subcommand],
    [0x03, request.keyAgreement],
    [0x04, request.pinUvAuthParam],
    [0x05, request.newPinEnc],
  ]);
}

export interface MakeCredentialRequest {
  readonly clientDataHash: Uint8Array;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: Uint8Array; readonly name: string };
  /** Ids of credentials of which the key may hold none. */
  readonly excludeIds: readonly Uint8Array[];
  readonly pinUvAuthParam: Uint8Array;
  readonly protocol: number;
}

/** A discoverable credential; an empty list is not sent. Source: CTAP.md, "makeCredential". */
export function credentialParameters(request: MakeCredentialRequest): CborMap {
  const { clientDataHash, rp, user, excludeIds, pinUvAuthParam, protocol } = request;
  return new Map<number, unknown>([
    [0x01, clientDataHash],
    [0x02, { id: rp.id, name: rp.name }],
    [0x03, { id: user.id, name: user.name, displayName: user.name }],
    [0x04, [{ alg: ES256, type: "public-key" }]],
    ...(excludeIds.length === 0 ? [] : [[0x05, excludeIds.map(descriptor)] as const]),
    [0x07, { rk: true }],
    [0x08, pinUvAuthParam],
    [0x09, protocol],
  ]);
}

/** Asks without a touch; what is signed is thrown away. Source: CTAP.md, "getAssertion". */
export function silentAssertionParameters(rpId: string, ids: readonly Uint8Array[]): CborMap {
  return new Map<number, unknown>([
    [0x01, rpId],
    [0x02, Buffer.alloc(32)],
    [0x03, ids.map(descriptor)],
    [0x05, { up: false }],
  ]);
}

function descriptor(id: Uint8Array): { readonly id: Uint8Array; readonly type: string } {
  return { id, type: "public-key" };
}
