import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { addressOf } from "../kubeconfig/kubeconfig-cluster.ts";
import type { Connection } from "./connection.ts";

/**
 * What a proxy's client sees when a plain tunnel passes its CONNECT on to a TLS server: bytes of TLS, a hang-up, or the 400 with
 * which Go's servers (such as the API server) answer plain HTTP. In the wording of Go, Node and ours. Silence is no such sign: a proxy
 * may be silent, too.
 */
const TALKS_PAST =
  /malformed HTTP|unexpected EOF|\bEOF\b|first record|\\x15|connection reset|ECONNRESET|closed the connection|Parse Error|is not HTTP|hang up|\b400\b|: Bad Request/i;

/** What shows that the proxy in force is the local end of a plain TCP tunnel; undefined if nothing does. */
export function plainTunnel({ proxy, wrongName, noTls, proxyFault }: Connection): string | undefined {
  const host = addressOf(proxy?.url)?.host;
  if (host === undefined || !isLoopbackHost(host)) return undefined;
  const talksPast = proxyFault !== undefined && TALKS_PAST.test(proxyFault) ? proxyFault : undefined;
  return wrongName?.shown ?? noTls ?? talksPast;
}
