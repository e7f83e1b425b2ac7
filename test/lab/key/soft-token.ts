import { randomBytes } from "node:crypto";
import type { Timers } from "../../../token/timers.ts";
import { SoftStatus, STATUS } from "./soft-cbor.ts";
import { authentic } from "./soft-pin-crypto.ts";

/** A token that was not used within the first time is dead, and any after the second, in milliseconds. */
const TOKEN_FIRST_USE_MS = 30_000;
const TOKEN_LIFE_MS = 600_000;

/** What a token is good for. */
export interface TokenGrant {
  readonly version: number;
  readonly permissions: number;
  /** Undefined for the token of CTAP 2.0, which binds itself to the first relying party it serves. */
  readonly rpId: string | undefined;
  /** The finger that proved the person was a touch too, for as long as the first use may take. */
  readonly touched: boolean;
}

interface Token extends TokenGrant {
  readonly bytes: Buffer;
  rpId: string | undefined;
  readonly issuedAt: number;
  used: boolean;
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
    this.#token = { ...grant, bytes, issuedAt: this.#timers.now(), used: false };
    return bytes;
  }

  /** After a touch, because one token serves one operation; after a new PIN; without power. */
  drop(): void {
    this.#token = undefined;
  }

  /** Throws unless the token proves the message. Tells whether no other touch is needed. */
  prove(proof: PinProof): { readonly touched: boolean } {
    const token = this.#token;
    const age = token === undefined ? Number.POSITIVE_INFINITY : this.#timers.now() - token.issuedAt;
    const holds =
      token !== undefined &&
      age <= (token.used ? TOKEN_LIFE_MS : TOKEN_FIRST_USE_MS) &&
      token.version === proof.version &&
      authentic(token.version, token.bytes, proof.message, proof.param) &&
      (token.permissions & proof.permission) !== 0 &&
      (token.rpId ?? proof.rpId) === proof.rpId;
    if (!holds) {
      throw new SoftStatus(STATUS.pinAuthInvalid);
    }
    token.rpId = proof.rpId;
    token.used = true;
    return { touched: token.touched && age <= TOKEN_FIRST_USE_MS };
  }
}
