import { VouchError } from "../../errors/errors.ts";

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

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Refuses an RP ID to which the host we reached has no right.
 *
 * No browser stands between the server and the key, so this check is what protects a login from phishing: the RP ID must be the
 * host, or a parent domain of it that belongs to one party. A public suffix (`co.uk`, `github.io`) belongs to no one: anyone may
 * have a name under it. Source: CTAP.md, "RP ID".
 *
 * `host` is as `URL.hostname` gives it: lower case, no port, names in other scripts as `xn--…`.
 */
export async function checkRpId(rpId: string, host: string): Promise<void> {
  if (rpId.length > 0 && rpId === host) return;
  if (!host.endsWith(`.${rpId}`) || !isDomain(rpId))
    throw mismatch(rpId, host, "which is not its own domain");
  if (await isPublicSuffix(rpId)) throw mismatch(rpId, host, "under which anyone can register a domain");
}

/** A lower-case DNS name of at least two labels. The last begins with a letter, so it cannot be the end of an IP address. */
function isDomain(name: string): boolean {
  const labels = name.split(".");
  const isWhole = name.length <= 253 && labels.length > 1 && labels.every((label) => LABEL.test(label));
  return isWhole && /^[a-z]./.test(labels.at(-1) ?? "");
}

/** The list has 140 kB, so it is loaded only when a login needs it. */
async function isPublicSuffix(domain: string): Promise<boolean> {
  const { getPublicSuffix } = await import("tldts");
  return getPublicSuffix(domain, { allowPrivateDomains: true, extractHostname: false }) === domain;
}

function mismatch(rpId: string, host: string, why: string): VouchError {
  return new VouchError(
    "rp-id-mismatch",
    `The server at ${host} requests a credential for ${JSON.stringify(rpId.slice(0, 253))}, ${why}.`,
  );
}
