import { type DoctorEvidence, knownValue, type NetworkFacts } from "../../evidence/evidence.ts";
import { isAddress, isInRange, isLoopbackHost } from "../../evidence/ip-address.ts";
import { isOtherPrincipal } from "../failure/symptom.ts";

/**
 * How a probe reached the API server from this machine; undefined if no one tried, or if the question is about another user, who
 * uses another machine.
 */
export function ownNetwork(evidence: DoctorEvidence): NetworkFacts | undefined {
  return isOtherPrincipal({ evidence }) ? undefined : knownValue(evidence.network);
}

/** Addresses that no other machine can reach. Source: RFC 3927, RFC 4291. */
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"];

/** No machine that people work at has more addresses; a bundle that claims more is not searched. */
const AT_MOST = 64;

/**
 * The addresses under which other machines may see this one, as written by `ip address` or a user; undefined: none is known. A
 * NAT or VPN on the path may replace them.
 */
export function ownAddresses({ network }: Pick<DoctorEvidence, "network">): readonly string[] | undefined {
  const written = knownValue(network)?.localAddresses ?? [];
  if (written.length > AT_MOST) return undefined;
  const addresses = written
    .map((address) => address.trim().split(/[/%]/)[0] ?? "")
    .filter((address) => isAddress(address) && !isLoopbackHost(address))
    .filter((address) => !LINK_LOCAL.some((range) => isInRange(address, range)));
  return addresses.length === 0 ? undefined : addresses;
}

/** The host of the called API server, for texts. */
export function calledHost({
  clusterEntry,
  ownNetwork,
}: Readonly<Record<"clusterEntry" | "ownNetwork", { readonly host: string } | undefined>>): string {
  return clusterEntry?.host ?? ownNetwork?.host ?? "HOST";
}
