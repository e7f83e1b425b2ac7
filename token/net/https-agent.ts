import http from "node:http";
import https from "node:https";
import type { Env } from "../env.ts";
import { type CaVariable, caBundle } from "./ca-bundle.ts";
import { proxyUrl } from "./proxy-url.ts";
import { TunnelAgent } from "./tunnel-agent.ts";

export interface HttpsAgentOptions {
  readonly env: Env;
  readonly caVariable: CaVariable;
  readonly target: URL;
  /** Ends a connection to a proxy that is still being made; the request has its own signal for the rest. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * How to reach `target`: with the CA bundle and through the proxy that the environment names. Fits `node:https` and
 * the AWS SDK's NodeHttpHandler.
 *
 * Certificates are always checked; NODE_TLS_REJECT_UNAUTHORIZED has no say. No connection is kept alive, so that
 * nothing keeps the process from ending. An http target gets a plain agent.
 */
export function httpsAgent({ env, caVariable, target, signal }: HttpsAgentOptions): https.Agent | http.Agent {
  if (target.protocol !== "https:") return new http.Agent({ keepAlive: false });

  const ca = caBundle(env, caVariable);
  const proxy = proxyUrl(target, env);
  if (proxy !== undefined) return new TunnelAgent(proxy, { ca, signal });

  return new https.Agent({ keepAlive: false, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) });
}
