import { decodeJwt } from "jose";
import type { JsonRecord } from "./json-record.ts";

/**
 * The claims of a JSON web token, unverified: what they say is for showing and for sanity checks, never for trust.
 * Undefined when the text is no such token.
 */
export function jwtClaims(token: string): JsonRecord | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
