import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { chosenProxy } from "./chosen-proxy.ts";
import { trustedRoots, trusting } from "./trusted-roots.ts";
import { TunnelAgent } from "./tunnel-agent.ts";
import { isLoopbackHost } from "./web-address.ts";

interface HttpsAgentOptions {
  /** For the proxy, which only sees ciphertext. */
  readonly env: Env;
  /** PEM file of the CAs trusted in addition to the built-in ones. */
  readonly caBundle: string | undefined;
  readonly target: URL;
  /** Ends a connection to a proxy that is still being set up; the request has its own signal for the rest. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * How to reach `target`: with the trusted CAs, and through the proxy that the environment names. Fits `node:https` and
 * the AWS SDK's NodeHttpHandler.
 *
 * Certificates are always checked; NODE_TLS_REJECT_UNAUTHORIZED has no effect. No connection is kept alive, so none keeps the
 * process from ending. Plain http is only for this machine: throws `config-invalid` for any other.
 */
export function httpsAgent({ env, caBundle, target, signal }: HttpsAgentOptions): https.Agent | http.Agent {
  if (target.protocol !== "https:") return loopbackAgent(target);

  const ca = trustedRoots(caBundle);
  const proxy = chosenProxy(target, env);
  if (proxy !== undefined) return new TunnelAgent(proxy, { ca, signal });

  return new https.Agent({ keepAlive: false, rejectUnauthorized: true, secureContext: trusting(ca) });
}

function loopbackAgent(target: URL): http.Agent {
  if (!isLoopbackHost(target.hostname)) {
    throw new VouchError(
      "config-invalid",
      `${target.origin} is plain http to another machine: anyone on the network path could read it.`,
      { hint: `Use https: https://${target.host}` },
    );
  }
  return new http.Agent({ keepAlive: false, lookup: loopbackAddresses });
}

/** Neither the name server nor HOSTALIASES can change where `localhost` is. */
const loopbackAddresses: LookupFunction = (_name, options, callback) => {
  const addresses = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  if (options.all === true) callback(null, addresses);
  else callback(null, "127.0.0.1", 4);
};
