import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { checkServerIdentity } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { VouchError } from "../errors.ts";

type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1];

interface TunnelOptions {
  /** Authorities that may vouch for the target, and for a proxy that speaks TLS. */
  readonly ca: string[];
  /** Ends a tunnel that is still being dug. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Reaches an https server through a proxy's CONNECT.
 *
 * Adds to HttpsProxyAgent what safety needs: the target's certificate is always checked, against the target's own
 * name even when that is an address, and with our roots; and a proxy that refuses the tunnel is an error, never an
 * answer (HttpsProxyAgent plays the proxy's page back as if the server had sent it).
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #trust: { readonly ca: string[] };

  constructor(proxy: URL, { ca, signal }: TunnelOptions) {
    super(proxy, { ca, rejectUnauthorized: true, ...(signal === undefined ? {} : { signal }) });
    this.#trust = { ca };
  }

  override isSecureEndpoint(): boolean {
    return true;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    let status: number | undefined;
    request.once("proxyConnect", (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });

    const host = options.host ?? "";
    const socket = await super.connect(request, {
      ...options,
      ...this.#trust,
      host,
      port: options.port ?? 443,
      secureEndpoint: true,
      rejectUnauthorized: true,
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    });
    if (status === 200) return socket;

    socket.destroy();
    throw new VouchError(
      "server-unreachable",
      `The proxy ${this.proxy.host} answered HTTP ${status} when asked for a connection to ${host}.`,
      { hint: `Check HTTPS_PROXY, or add ${host} to NO_PROXY.` },
    );
  }
}
