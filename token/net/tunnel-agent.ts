import type { ClientRequestArgs } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { checkServerIdentity, connect } from "node:tls";
import { VouchError } from "../errors/errors.ts";
import { trusting } from "./ca-bundle.ts";
import { openTunnel } from "./open-tunnel.ts";

interface TunnelOptions {
  /** Authorities that may vouch for the target, and for a proxy that speaks TLS. */
  readonly ca: string[];
  /** Ends a tunnel that is still being dug. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Reaches an https server through a proxy's CONNECT. The target's certificate is always checked, against the target's own
 * name even when that is an address, and with our roots; a proxy that refuses the tunnel is an error, never an answer.
 */
export class TunnelAgent extends https.Agent {
  readonly proxy: URL;
  readonly #ca: string[];
  readonly #signal: AbortSignal;

  constructor(proxy: URL, { ca, signal }: TunnelOptions) {
    super({ keepAlive: false });
    this.proxy = proxy;
    this.#ca = ca;
    this.#signal = signal ?? new AbortController().signal;
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
    const { status, socket } = await openTunnel(this.proxy, `${bracketed(host)}:${options.port ?? 443}`, {
      ca: this.#ca,
      signal: this.#signal,
    });
    if (status !== 200 || socket === undefined) {
      socket?.destroy();
      throw new VouchError(
        "server-unreachable",
        `The proxy ${this.proxy.host} answered HTTP ${status} when asked for a connection to ${host}.`,
        { hint: `Check HTTPS_PROXY, or add ${host} to NO_PROXY.` },
      );
    }
    const name = options.servername || host;
    return connect({
      secureContext: trusting(this.#ca),
      socket,
      servername: isIP(name) === 0 ? name : "",
      rejectUnauthorized: true,
      checkServerIdentity: (_name, certificate) => checkServerIdentity(name, certificate),
    });
  }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
