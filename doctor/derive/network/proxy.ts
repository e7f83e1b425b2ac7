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
  const exempt = noProxyOf(evidence)
    .split(/[,\s]+/)
    .filter((entry) => entry !== "");
  if (exempt.some((entry) => covers(entry.toLowerCase(), host))) return undefined;
  return { url: withoutPassword(env[origin] ?? ""), origin };
}

/** The hosts that are reached without a proxy, as the environment names them; empty where it names none. */
export function noProxyOf({ environment }: Pick<DoctorEvidence, "environment">): string {
  const env = knownValue(environment) ?? {};
  return env["NO_PROXY"] || env["no_proxy"] || "";
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

/**
 * Messages for a proxy that could not be reached: ours, botocore's (exceptions.py, ProxyConnectionError) and Go's (net/http,
 * transport.go).
 */
export const PROXY_DOWN =
  /\bproxy (?<url>\S{1,300}) of (?<origin>proxy-url in the kubeconfig|\w{1,20}) does not answer: (?<why>[^\n"”]{1,300})|Failed to connect to proxy URL: "(?<botocore>[^"\s]{1,300})"|proxyconnect tcp: (?<go>[^"\n]{1,300})/;

/** A proxy that could not be reached. */
interface DownProxy {
  /** `proxy http://127.0.0.1:3128 of HTTPS_PROXY` */
  readonly name: string;
  /** Without its password; undefined if not known. */
  readonly url: string | undefined;
  /** The variable or field that names it, if known. */
  readonly origin: string | undefined;
  /** `connection refused` */
  readonly why: string | undefined;
}

/** The proxy that is down according to a message; what the message leaves out is taken from the environment. */
export function downProxy({ groups = {} }: RegExpExecArray, evidence: DoctorEvidence): DownProxy {
  const set = environmentProxy(evidence, "sts.amazonaws.com");
  const spoken = groups["url"] ?? groups["botocore"];
  const url = spoken === undefined ? set?.url : withoutPassword(spoken);
  const origin = groups["origin"] ?? set?.origin;
  const name = ["proxy", url ?? "on the path", ...(origin === undefined ? [] : ["of", origin])].join(" ");
  return { name, url, origin, why: proxyDownReason(groups["why"] ?? groups["go"]) };
}

/** Why a proxy could not be reached, from Node's, Go's or our message; undefined if it does not say. */
export function proxyDownReason(words: string | undefined): string | undefined {
  if (words === undefined) return undefined;
  return REASONS.find(([pattern]) => pattern.test(words))?.[1];
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/connection refused|\bECONNREFUSED\b/, "connection refused"],
  [/no such host|not known to the name server|\bENOTFOUND\b/, "its host name could not be resolved"],
  [/cannot be looked up|server misbehaving|\bEAI_AGAIN\b/, "the DNS lookup of its host name failed"],
  [
    /no route to host|unreachable|cannot be reached|\bE(?:HOST|NET)UNREACH\b/,
    "not reachable from this network",
  ],
  [/i\/o timeout|timed out|\bETIMEDOUT\b|nothing came within|no answer to CONNECT/, "timed out"],
];
