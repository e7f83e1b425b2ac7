import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { environmentProxy, withoutPassword } from "./environment-proxy.ts";

/**
 * Messages for a proxy that could not be reached: ours, botocore's (exceptions.py, ProxyConnectionError) and Go's (net/http,
 * transport.go).
 */
export const PROXY_DOWN =
  /\bproxy (?<url>\S{1,300}) of (?<origin>proxy-url in the kubeconfig|\w{1,20}) does not answer: (?<why>[^\n"”]{1,300})|Failed to connect to proxy URL: "(?<botocore>[^"\s]{1,300})"|proxyconnect tcp: (?<go>[^"\n]{1,300})/;

/** A proxy that could not be reached. */
export interface DownProxy {
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
