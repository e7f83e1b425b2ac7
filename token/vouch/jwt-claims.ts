import { decodeJwt } from "jose";
import type { JsonRecord } from "./json-record.ts";

/**
 * The claims of a JSON web token, unverified: they are used for display and sanity checks, never for trust. Undefined if the text
 * is no such token.
 */
export function jwtClaims(token: string): JsonRecord | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
