import type http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { Clock } from "../../token/clock.ts";
import { trustedRoots } from "../../token/net/ca-bundle.ts";
import { TunnelAgent } from "../../token/net/tunnel-agent.ts";

export interface GetRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates to trust, PEM; those built in when undefined. */
  readonly ca: string[] | undefined;
  /** Name that the certificate must show; the URL's host when undefined. */
  readonly tlsName?: string | undefined;
  /** Where to connect instead of the URL's host. The certificate must be that of the URL's host all the same. */
  readonly connectTo?: URL | undefined;
  readonly proxy?: URL | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface GetAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Its beginning, at most 256 KiB. */
  readonly body: string;
  /** Our clock around the exchange, epoch milliseconds. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

const BODY_LIMIT = 256 * 1024;

/** One GET. Certificates are always checked; a redirect is an answer like any other. Rejects with Node's own error. */
export async function getOverTls(request: GetRequest): Promise<GetAnswer> {
  const { clock } = request;
  const sentAt = clock();
  const response = await responseTo(request);
  const receivedAt = clock();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_LIMIT) break;
  }
  const body = Buffer.concat(chunks).toString("utf8");
  return { status: response.statusCode ?? 0, headers: response.headers, body, sentAt, receivedAt };
}

function responseTo({
  url,
  headers,
  ca = trustedRoots(undefined),
  tlsName,
  connectTo = url,
  proxy,
  signal,
}: GetRequest): Promise<http.IncomingMessage> {
  const host = bareHost(connectTo.hostname);
  const name = tlsName ?? bareHost(url.hostname);
  const agent =
    proxy === undefined
      ? new https.Agent({ keepAlive: false, rejectUnauthorized: true, ca })
      : new TunnelAgent(proxy, { ca, signal });
  return new Promise((resolve, reject) => {
    const sent = https.request({
      host,
      port: connectTo.port === "" ? 443 : Number(connectTo.port),
      path: `${url.pathname}${url.search}`,
      servername: isIP(name) === 0 ? name : "",
      headers: { Host: url.host, ...headers },
      agent,
      signal,
      ca,
      ...(name === host || proxy !== undefined ? {} : { checkServerIdentity: checkFor(name) }),
    });
    sent.on("error", reject);
    sent.once("response", resolve);
    sent.end();
  });
}

/** Node would check the certificate against the address that it connects to. */
function checkFor(name: string) {
  return (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate);
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
