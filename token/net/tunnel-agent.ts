import type { ClientRequestArgs } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { checkServerIdentity, connect } from "node:tls";
import { VouchError } from "../errors/errors.ts";
import type { ProxyChoice } from "./chosen-proxy.ts";
import { openTunnel, type TunnelAnswer } from "./open-tunnel.ts";
import { proxyError, proxyName, silentProxyError } from "./proxy-error.ts";
import { type ClientCertificate, trusting } from "./trusted-roots.ts";

interface TunnelOptions {
  /** Authorities that may vouch for the target, and for a proxy that uses TLS. */
  readonly ca: string[];
  /** Ends a tunnel that is still being opened. */
  readonly signal: AbortSignal | undefined;
  /** Shown to the target, never to the proxy. */
  readonly client?: ClientCertificate | undefined;
}

/**
 * Reaches an https server through a proxy's CONNECT. The target's certificate is always checked, with our roots and against the
 * target's own name, even if that is an IP address; a proxy that refuses the tunnel is an error, and its answer is never taken
 * for the target's.
 */
export class TunnelAgent extends https.Agent {
  readonly proxy: ProxyChoice;
  #isWaiting = false;
  readonly #ca: string[];
  readonly #signal: AbortSignal;
  readonly #client: ClientCertificate | undefined;

  constructor(proxy: ProxyChoice, { ca, signal, client }: TunnelOptions) {
    super({ keepAlive: false });
    this.proxy = proxy;
    this.#ca = ca;
    this.#client = client;
    this.#signal = signal ?? new AbortController().signal;
  }

  /** The error if the time is up while the proxy has not answered yet. */
  heldBy(waitedMs: number): VouchError | undefined {
    return this.#isWaiting ? silentProxyError(this.proxy, waitedMs) : undefined;
  }

  override createConnection(
    options: ClientRequestArgs,
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const failed = done as (error: unknown) => void;
    this.#connect(options).then((socket) => done(null, socket), failed);
  }

  async #connect(options: ClientRequestArgs & { servername?: string }): Promise<Duplex> {
    const host = options.host ?? "";
    const { status, socket } = await this.#tunnelTo(`${bracketed(host)}:${options.port ?? 443}`);
    if (status !== 200 || socket === undefined) {
      socket?.destroy();
      throw new VouchError(
        "server-unreachable",
        `${proxyName(this.proxy)} answered HTTP ${status} to a request to connect to ${host}.`,
        { hint: `Check ${this.proxy.origin} or add ${host} to NO_PROXY.` },
      );
    }
    const name = options.servername || host;
    return connect({
      secureContext: trusting(this.#ca, this.#client),
      socket,
      servername: isIP(name) === 0 ? name : "",
      rejectUnauthorized: true,
      checkServerIdentity: (_name, certificate) => checkServerIdentity(name, certificate),
    });
  }

  async #tunnelTo(target: string): Promise<TunnelAnswer> {
    this.#isWaiting = true;
    try {
      return await openTunnel(this.proxy.url, target, { ca: this.#ca, signal: this.#signal });
    } catch (error) {
      throw this.#signal.aborted ? error : proxyError(this.proxy, error);
    } finally {
      this.#isWaiting = false;
    }
  }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
