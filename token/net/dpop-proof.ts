import { createHash, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";

/** A P-256 key that proves who is asking: this machine's, or that of another tool's login. */
interface DpopKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string };
}

interface DpopInput {
  readonly key: DpopKey;
  readonly method: string;
  readonly url: URL;
  readonly nowMs: number;
  readonly jti: string;
  readonly nonce?: string | undefined;
  /** For calls that present a token, to which the proof is bound. */
  readonly accessToken?: string | undefined;
  /** The AI agent that we run under; the server puts it into the AWS session's tags. */
  readonly agent?: string | undefined;
}

/** One proof for one request: if used again, it is refused. Source: RFC 9449, 4.2; token/vouch/VOUCH-PROTOCOL.md, "DPoP proof". */
export function dpopProof(input: DpopInput): Promise<string> {
  const { key, method, url, nowMs, jti, nonce, accessToken, agent } = input;
  const claims = {
    jti,
    htm: method,
    htu: `${url.origin}${url.pathname}`,
    iat: Math.floor(nowMs / 1000),
    ...(nonce === undefined ? {} : { nonce }),
    ...(accessToken === undefined ? {} : { ath: tokenHash(accessToken) }),
    ...(agent === undefined ? {} : { source: agent }),
  };

  const header = { typ: "dpop+jwt", alg: "ES256", jwk: key.publicJwk };
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey);
}

function tokenHash(accessToken: string): string {
  return createHash("sha256").update(accessToken).digest("base64url");
}
