import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isInRange, isLoopbackHost } from "../../evidence/ip-address.ts";

/** The origin of the cluster's own proxy: it is no variable, and only calls to the API server go through this proxy. */
export const PROXY_URL_ORIGIN = "proxy-url in the kubeconfig";

/** A proxy, and what says that it is used. */
export interface ProxyInForce {
  /** Without its password. */
  readonly url: string;
  /** `HTTPS_PROXY`, `proxy-url in the kubeconfig` */
  readonly origin: string;
}

/**
 * The proxy that the environment names for a host, as Go's clients read it: never for loopback addresses, and `NO_PROXY` by name,
 * domain or range. Also undefined if the environment is not known.
 *
 * Source: golang.org/x/net, http/httpproxy, Config.
 */
export function environmentProxy(
  evidence: DoctorEvidence,
  host: string | undefined,
): ProxyInForce | undefined {
  const env = knownValue(evidence.environment) ?? {};
  const origin = ["HTTPS_PROXY", "https_proxy"].find((name) => (env[name] ?? "") !== "");
  if (origin === undefined || host === undefined || isLoopbackHost(host)) return undefined;
  const exempt = (env["NO_PROXY"] ?? env["no_proxy"] ?? "").split(/[,\s]+/).filter((entry) => entry !== "");
  if (exempt.some((entry) => covers(entry.toLowerCase(), host))) return undefined;
  return { url: withoutPassword(env[origin] ?? ""), origin };
}

/** The address of a proxy for printing: without its password, and without a slash at the end, as users write it. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z0-9]+:\/\/)?[^/@]*@/i, "$1***@").replace(/^([a-z0-9]+:\/\/[^/]+)\/$/i, "$1");
}

function covers(entry: string, host: string): boolean {
  if (entry === "*" || (entry.includes("/") && isInRange(host, entry))) return true;
  const [name = ""] = entry.split(":");
  const domain = name.replace(/^\*?\./, "");
  return (domain === name && host === domain) || host.endsWith(`.${domain}`);
}
