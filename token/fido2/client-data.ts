import { VouchError } from "../errors/errors.ts";

/**
 * A challenge as the server may send it: base64url without padding.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Client data".
 */
const CHALLENGE = /^[A-Za-z0-9_-]{16,256}$/;

/**
 * The bytes that are signed, and sent to the server as they are.
 *
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Client data": these four members in this order, and the origin is the RP ID
 * whatever the server's URL.
 */
export function clientData(request: { readonly rpId: string; readonly challenge: string }): Buffer {
  if (!CHALLENGE.test(request.challenge)) {
    throw new VouchError(
      "server-answer-invalid",
      "The server's challenge is not base64url of a plausible length.",
    );
  }
  return Buffer.from(
    JSON.stringify({
      type: "webauthn.get",
      challenge: request.challenge,
      origin: `https://${request.rpId}`,
      crossOrigin: false,
    }),
  );
}
