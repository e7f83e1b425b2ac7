import { type JsonRecord, jsonRecord } from "./json-record.ts";

/**
 * The claims of a JSON web token, unverified: what they say is for showing and for sanity checks, never for trust.
 * Undefined when the text is no such token.
 */
export function jwtClaims(token: string): JsonRecord | undefined {
  const [, payload, signature, ...more] = token.split(".");
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  return jsonRecord(Buffer.from(payload, "base64url").toString("utf8"));
}
