import { VouchError } from "../errors/errors.ts";

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
