import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { debugged } from "../debug.ts";
import { HEADER_BYTES } from "./limits.ts";
import { trusting } from "./trusted-roots.ts";

/** A proxy's answer to CONNECT, with the connection to the target if it opened one. */
export interface TunnelAnswer {
  readonly status: number;
  readonly reason: string;
  readonly socket: Socket | undefined;
}

interface TunnelOptions {
  readonly ca: string[];
  readonly signal: AbortSignal;
}

/**
 * Asks a proxy for a connection to `host:port`, with the credentials in its address. Any 2xx opens the tunnel. The signal ends
 * it; rejects with Node's own error.
 */
export function openTunnel(proxy: URL, target: string, options: TunnelOptions): Promise<TunnelAnswer> {
  return debugged(
    `CONNECT ${target} at the proxy ${proxy.host}`,
    () => askForTunnel(proxy, target, options),
    ({ status }) => status,
  );
}

function askForTunnel(proxy: URL, target: string, { ca, signal }: TunnelOptions): Promise<TunnelAnswer> {
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
