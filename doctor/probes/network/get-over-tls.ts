import type { IncomingHttpHeaders } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { ProxyChoice } from "../../../token/net/chosen-proxy.ts";
import { type OutgoingRequest, sendRequest } from "../../../token/net/http-client.ts";
import { DOCTOR_GET_LIMITS, type ExchangeLimits } from "../../../token/net/limits.ts";
import { type ClientCertificate, trustedRoots, trusting } from "../../../token/net/trusted-roots.ts";
import { TunnelAgent } from "../../../token/net/tunnel-agent.ts";
import type { Clock } from "../../../token/timers.ts";

export interface GetRequest extends TlsRoute {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits?: ExchangeLimits;
}

export interface GetAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Our clock before and after the exchange, in epoch milliseconds. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * One GET. Certificates are always checked; a redirect counts as an answer. Rejects with a `VouchError` if one of our limits
 * ended it, otherwise with Node's own error.
 */
export async function getOverTls({
  url,
  headers,
  clock,
  signal,
  limits = DOCTOR_GET_LIMITS,
  ...route
}: GetRequest): Promise<GetAnswer> {
  const answer = await sendRequest(
    { method: "GET", url, headers: { Host: url.host, ...headers }, ...tlsRoute({ url, ...route }) },
    { limits, clock, signal },
  );
  return { ...answer, body: answer.body.toString("utf8") };
}

interface TlsRoute {
  readonly url: URL;
  /** Certificates to trust, PEM; undefined: the built-in ones. */
  readonly ca: string[] | undefined;
  /** The name that the certificate must have; undefined: the URL's host. */
  readonly tlsName?: string | undefined;
  /** Where to connect instead of the URL's host. The certificate must still be that of the URL's host. */
  readonly connectTo?: URL | undefined;
  readonly proxy?: ProxyChoice | undefined;
  /** Shown to the server. */
  readonly client?: ClientCertificate | undefined;
}

/**
 * How a request gets to its server. Certificates are always checked. Throws for a plain http address, since nothing proves whose
 * it is.
 */
export function tlsRoute({
  url,
  ca = trustedRoots(undefined),
  tlsName,
  connectTo = url,
  proxy,
  client,
}: TlsRoute): Pick<OutgoingRequest, "agent" | "connection"> {
  if (url.protocol !== "https:") throw new Error(`not called: ${url.origin} is not an https address`);
  const host = bareHost(connectTo.hostname);
  const name = tlsName ?? bareHost(url.hostname);
  return {
    agent: (signal) =>
      proxy === undefined
        ? new https.Agent({ keepAlive: false, rejectUnauthorized: true, secureContext: trusting(ca, client) })
        : new TunnelAgent(proxy, { ca, signal, client }),
    connection: {
      hostname: host,
      port: connectTo.port === "" ? 443 : Number(connectTo.port),
      servername: isIP(name) === 0 ? name : "",
      ...(name === host ? {} : { checkServerIdentity: checkFor(name) }),
    },
  };
}

/** Node would check the certificate against the address to which it connects. */
function checkFor(name: string) {
  return (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate);
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
