import { SignJWT } from "jose";
import type { ClientKey } from "./client-key.ts";

/** Source: VOUCH-PROTOCOL.md, "Names". */
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Lifetime of an assertion, in seconds. Source: VOUCH-PROTOCOL.md, "Times"; the server allows 300. */
const LIFETIME_S = 60;

export interface ClientAssertionInput {
  readonly key: ClientKey;
  readonly clientId: string;
  /** The server's address in its own spelling; no path, whatever the endpoint. */
  readonly audience: string;
  readonly nowMs: number;
  /** Never used before, not even in the attempt that this one repeats. */
  readonly jti: string;
}

/**
 * The form fields that identify the client, proved with its key.
 * Source: VOUCH-PROTOCOL.md, "Client assertion".
 */
export async function clientAssertion(input: ClientAssertionInput): Promise<Record<string, string>> {
  const { key, clientId, audience, nowMs, jti } = input;
  const iat = Math.floor(nowMs / 1000);
  const claims = { iss: clientId, sub: clientId, aud: audience, jti, iat, exp: iat + LIFETIME_S };

  const jwt = new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "ES256", kid: key.kid });
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: await jwt.sign(key.privateKey) };
}
