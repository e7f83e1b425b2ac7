import { VouchError } from "../errors.ts";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Labels under which country registries sell names, so that `co.uk` is nobody's domain. */
const REGISTRY_LABELS = new Set(
  "ac co com edu go gob gouv gov govt ltd mil ne net nhs nom or org plc sch".split(" "),
);

/**
 * Refuses an RP ID that the host we reached has no right to.
 *
 * No browser stands between the server and the key, so this is what keeps a login from being phished: the RP ID must be
 * the host, or a domain the host lies in that somebody can own. Source: ctap, 2.5; vouch-protocol, 1.6.1.
 *
 * `host` is as `URL.hostname` gives it: lower case, no port.
 *
 * Deliberately absent: the public suffix list. Registry labels under country codes are told by a short list; a suffix
 * it misses would let a host ask for credentials that only another host's server could have enrolled there.
 */
export function checkRpId(rpId: string, host: string): void {
  if (rpId.length > 0 && rpId === host) {
    return;
  }
  const suffix = host.endsWith(`.${rpId}`);
  if (!suffix || !isDomain(rpId) || isRegistry(rpId)) {
    throw new VouchError(
      "rp-id-mismatch",
      `The server at ${host} asks for a credential of ${JSON.stringify(rpId.slice(0, 253))}, which is not its own name.`,
    );
  }
}

/** A lower-case DNS name of at least two labels. The last begins with a letter, so it is no end of an IP address. */
function isDomain(name: string): boolean {
  const labels = name.split(".");
  const isWhole = name.length <= 253 && labels.length > 1 && labels.every((label) => LABEL.test(label));
  return isWhole && /^[a-z]./.test(labels.at(-1) ?? "");
}

function isRegistry(rpId: string): boolean {
  const [label = "", country = "", ...more] = rpId.split(".");
  return more.length === 0 && country.length === 2 && REGISTRY_LABELS.has(label);
}
