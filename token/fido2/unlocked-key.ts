import { CTAP_STATUS, CtapStatusError } from "./ctap-status.ts";
import type { UserVerification } from "./ctap2-parameters.ts";
import type { PinUvProtocol } from "./pin-uv.ts";

/** A key that has verified its user, or will within the next request. Call `wipe` when done with it. */
export interface UnlockedKey {
  /** The proof for a request with this hash. */
  readonly verification: (clientDataHash: Uint8Array) => UserVerification;
  /** Verifies the user once more after a refusal that this may resolve; rethrows any other error. */
  readonly renew: (refusal: unknown) => Promise<void>;
  readonly wipe: () => void;
}

export interface TokenSource {
  readonly protocol: PinUvProtocol;
  readonly token: Buffer;
  /** Gets another token with the same PIN or finger, if another program's request made ours stale. */
  readonly ask: () => Promise<Buffer>;
  /** Wipes what `ask` needs. */
  readonly forget: () => void;
}

/** A key unlocked by a token, which is valid for one request. */
export function tokenUnlocked({ protocol, token: first, ask, forget }: TokenSource): UnlockedKey {
  let token = first;
  return {
    verification: (clientDataHash) => ({
      protocol: protocol.version,
      pinUvAuthParam: protocol.authenticate(token, clientDataHash),
    }),
    async renew(refusal) {
      if (!isStale(refusal)) throw refusal;
      token.fill(0);
      token = await ask();
    },
    wipe() {
      token.fill(0);
      forget();
    },
  };
}

function isStale(error: unknown): boolean {
  return (
    error instanceof CtapStatusError &&
    (error.status === CTAP_STATUS.pinAuthInvalid || error.status === CTAP_STATUS.pinTokenExpired)
  );
}
