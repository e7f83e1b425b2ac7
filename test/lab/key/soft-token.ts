import { randomBytes } from "node:crypto";
import type { Timers } from "../../../token/fido2/timers.ts";
import { SoftStatus, STATUS } from "./soft-cbor.ts";
import { authentic } from "./soft-pin-crypto.ts";

/** A token not used within this time is dead, in milliseconds. Source: token/fido2/CTAP.md, "PIN token life". */
const TOKEN_FIRST_USE_MS = 30_000;

/** Permission bits. Source: token/fido2/CTAP.md, "clientPIN". */
export const PERMISSION = { makeCredential: 0x01, getAssertion: 0x02 } as const;

/** What a token is good for. */
export interface TokenGrant {
  readonly version: number;
  readonly permissions: number;
  /** Undefined for the token of CTAP 2.0, which binds itself to the first relying party it serves. */
  readonly rpId: string | undefined;
}

interface Token extends TokenGrant {
  readonly bytes: Buffer;
  rpId: string | undefined;
  readonly issuedAt: number;
}

/** What a command must prove with `pinUvAuthParam`. */
export interface PinProof {
  readonly version: number;
  readonly param: Uint8Array;
  readonly message: Uint8Array;
  readonly permission: number;
  readonly rpId: string;
}

/** The one pinUvAuthToken a key has given out. Source: token/fido2/CTAP.md, "PIN token life". */
export class SoftToken {
  readonly #timers: Timers;
  #token: Token | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** A new token; the one before is worth nothing any more. */
  issue(grant: TokenGrant): Buffer {
    const bytes = randomBytes(32);
    this.#token = { ...grant, bytes, issuedAt: this.#timers.now() };
    return bytes;
  }

  /** After a touch, because one token serves one operation; after a new PIN; without power. */
  drop(): void {
    this.#token = undefined;
  }

  /** Throws unless the token proves the message. */
  prove(proof: PinProof): void {
    const token = this.#token;
    const holds =
      token !== undefined &&
      this.#timers.now() - token.issuedAt <= TOKEN_FIRST_USE_MS &&
      token.version === proof.version &&
      authentic(token.version, token.bytes, proof.message, proof.param) &&
      (token.permissions & proof.permission) !== 0 &&
      (token.rpId ?? proof.rpId) === proof.rpId;
    if (!holds) {
      throw new SoftStatus(STATUS.pinAuthInvalid);
    }
    token.rpId = proof.rpId;
  }
}
