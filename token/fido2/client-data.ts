import { VouchError } from "../errors/errors.ts";

/**
 * A challenge as the server may send it: base64url without padding.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Client data".
 */
const CHALLENGE = /^[A-Za-z0-9_-]{16,256}$/;

/**
 * The bytes that a login signs, and sends to the server unchanged; the origin is the RP ID, whatever the server's URL.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Client data".
 */
export function clientData(request: { readonly rpId: string; readonly challenge: string }): Buffer {
  return encoded("webauthn.get", request.challenge, `https://${request.rpId}`);
}

/**
 * The bytes that a registration signs. Here the origin is the server's address.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Client data".
 */
export function creationClientData(request: { readonly origin: string; readonly challenge: string }): Buffer {
  return encoded("webauthn.create", request.challenge, request.origin);
}

/** Exactly these four members in this order. Source: token/vouch/VOUCH-PROTOCOL.md, "Client data". */
function encoded(type: string, challenge: string, origin: string): Buffer {
  if (!CHALLENGE.test(challenge)) {
    throw new VouchError(
      "server-answer-invalid",
      "The server's challenge is not base64url of plausible length.",
    );
  }
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
