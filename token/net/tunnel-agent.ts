import http, { type ClientRequestArgs } from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { checkServerIdentity, connect } from "node:tls";
import { unsetVariables } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debugged } from "../debug.ts";
import { codeOf, reasonOf, VouchError } from "../errors/errors.ts";
import type { ProxyChoice } from "./chosen-proxy.ts";
import { HEADER_BYTES, timeoutError } from "./limits.ts";
import { CERTIFICATE_CODES } from "./network-error.ts";
import { type ClientCertificate, trusting } from "./trusted-roots.ts";

interface TunnelOptions {
  /** CAs that may vouch for the target, and for a proxy that uses TLS. */
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

/** A proxy's answer to CONNECT, with the connection to the target if it opened one. */
interface TunnelAnswer {
  readonly status: number;
  readonly reason: string;
  readonly socket: Socket | undefined;
}

/**
 * Asks a proxy for a connection to `host:port`, with the credentials in its address. Any 2xx opens the tunnel. The signal ends
 * it; rejects with Node's own error.
 */
export function openTunnel(
  proxy: URL,
  target: string,
  options: Omit<TunnelOptions, "client">,
): Promise<TunnelAnswer> {
  return debugged(
    `CONNECT ${target} at the proxy ${proxy.host}`,
    () => askForTunnel(proxy, target, options),
    ({ status }) => status,
  );
}

function askForTunnel(
  proxy: URL,
  target: string,
  { ca, signal }: Omit<TunnelOptions, "client">,
): Promise<TunnelAnswer> {
  const { username, password, hostname, port, protocol } = proxy;
  const isTls = protocol === "https:";
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const start = isTls ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const request = start({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (isTls ? 443 : 80) : Number(port),
      method: "CONNECT",
      path: target,
      headers: {
        Host: target,
        ...(username === "" ? {} : { "Proxy-Authorization": `Basic ${login.toString("base64")}` }),
      },
      agent: false,
      ...(isTls ? { secureContext: trusting(ca) } : {}),
      rejectUnauthorized: true,
      maxHeaderSize: HEADER_BYTES,
      signal,
    });
    request.once("error", reject);
    request.once(
      "connect",
      ({ statusCode: status = 0, statusMessage: reason = "" }, socket: Socket, head) => {
        const isOpen = status >= 200 && status < 300;
        if (!isOpen) socket.destroy();
        else if (head.length > 0) socket.unshift(head);
        resolve({ status, reason, socket: isOpen ? socket : undefined });
      },
    );
    request.end();
  });
}

/** Messages for common codes, to follow `does not answer: `. */
const REASONS: Readonly<Record<string, string>> = {
  EAI_AGAIN: "its host cannot be looked up: the DNS server did not answer",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "it closed the connection",
  EHOSTUNREACH: "it cannot be reached from this network",
  ENETUNREACH: "it cannot be reached from this network",
  ENOTFOUND: "no such host",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "the connection attempt timed out",
};

/** `The proxy http://127.0.0.1:3128 of HTTPS_PROXY`, without its credentials. */
function proxyName({ url, origin }: ProxyChoice): string {
  return `The proxy ${url.protocol}//${url.host} of ${origin}`;
}

/** An error on the way to a proxy, in a form to show; the host behind the proxy is not involved. */
function proxyError(proxy: ProxyChoice, error: unknown): VouchError {
  if (error instanceof VouchError) return error;
  const code = codeOf(error);
  const hint = proxyHint(proxy);
  if (CERTIFICATE_CODES.test(code)) {
    const message = `The certificate of the proxy ${proxy.url.host} of ${proxy.origin} was not accepted: ${reasonOf(error)}.`;
    return new VouchError("server-untrusted", message, { cause: error });
  }
  if (code.startsWith("HPE_")) {
    const message = `${proxyName(proxy)} answered with a response that is not HTTP (${code}).`;
    return new VouchError("server-unreachable", message, { hint });
  }
  const why = REASONS[code] ?? (reasonOf(error) || code || "no reason stated");
  return new VouchError("server-unreachable", doesNotAnswer(proxy, why), { cause: error, hint });
}

/** The error for a proxy that did not answer in time. */
function silentProxyError(proxy: ProxyChoice, waitedMs: number): VouchError {
  const message = doesNotAnswer(proxy, `timed out after ${waitedMs / 1000} s`);
  return new VouchError("server-unreachable", message, {
    cause: timeoutError(message),
    hint: proxyHint(proxy),
  });
}

function doesNotAnswer(proxy: ProxyChoice, why: string): string {
  return `${proxyName(proxy)} does not answer: ${why}.`;
}

function proxyHint({ origin }: ProxyChoice): string {
  if (!/^\w+$/.test(origin)) return `Start it or correct ${origin}.`;
  return withCommands`Start it or connect without it: ${unsetVariables(origin)}. To bypass it only for some hosts, list them in NO_PROXY.`;
}
