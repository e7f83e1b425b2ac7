import { type Env, envValue } from "../../../token/env.ts";
import { resolvedBody } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { chosenProxy, type ProxyChoice } from "../../../token/net/chosen-proxy.ts";
import { type ClientCertificate, isCertificate, pemCertificates } from "../../../token/net/trusted-roots.ts";
import { PROXY_URL_ORIGIN } from "../../derive/network/proxy.ts";
import type { CalledContext } from "../called-context.ts";
import type { ProbeHost } from "../probe-host.ts";
import { requireUsableProxy } from "../refused-entry.ts";

/** How to reach the API server, as kubectl would. */
export interface ClusterAddress {
  readonly url: URL;
  /** Certificates to trust, PEM; undefined: the built-in ones. */
  readonly ca: string[] | undefined;
  /** The name that its certificate must have; undefined: that of the URL. */
  readonly tlsName: string | undefined;
  readonly proxy: ProxyChoice | undefined;
  readonly skipsVerification: boolean;
  /** The certificate of the context's user. */
  readonly client?: ClientCertificate | undefined;
}

/** Undefined if the context has no cluster, or one without a usable `server`. Throws if a CA or the proxy of the entry cannot be used. */
export function clusterAddress(call: CalledContext, host: ProbeHost): ClusterAddress | undefined {
  const { context, cluster } = call;
  if (cluster === undefined || context.cluster === undefined) return undefined;
  requireUsableProxy(call);
  const url = new URL(cluster.server);
  const { "certificate-authority": file } = resolvedBody("clusters", context.cluster);
  return {
    url,
    ca: certificates(cluster.caData, typeof file === "string" ? file : undefined, host),
    tlsName: cluster.tlsServerName,
    proxy: proxyFor(url, cluster.proxyUrl, host.env),
    skipsVerification: cluster.skipsVerification,
  };
}

/** The kubeconfig's own proxy takes precedence over the environment's. */
export function proxyFor(url: URL, own: string | undefined, env: Env): ClusterAddress["proxy"] {
  if (own !== undefined) return { url: new URL(own), origin: PROXY_URL_ORIGIN };
  // Go's clients do not read ALL_PROXY.
  const origin = ["HTTPS_PROXY", "https_proxy"].find((name) => envValue(env, name) !== undefined);
  if (origin === undefined) return undefined;
  const exempt = envValue(env, "NO_PROXY") ?? envValue(env, "no_proxy");
  const chosen = chosenProxy(url, { https_proxy: envValue(env, origin), no_proxy: exempt });
  return chosen && { ...chosen, origin };
}

function certificates(
  data: string | undefined,
  file: string | undefined,
  host: ProbeHost,
): string[] | undefined {
  if (data === undefined && file === undefined) return undefined;
  const pem = data === undefined ? (host.readText(file ?? "") ?? "") : Buffer.from(data, "base64").toString();
  const found = pemCertificates(pem);
  if (found.length === 0 || !found.every(isCertificate))
    throw new Error(
      `the kubeconfig's certificate authority ${file ?? ""} does not contain a readable certificate`,
    );
  return found;
}
