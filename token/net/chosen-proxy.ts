import { type Env, envValue } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { bypassesProxy } from "./no-proxy.ts";

/** In order of precedence; lower case wins, as with curl. */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

/** A proxy, and the setting that names it. */
export interface ProxyChoice {
  readonly url: URL;
  /** `HTTPS_PROXY`, `proxy-url in the kubeconfig` */
  readonly origin: string;
}

/**
 * The proxy that the environment names for this target; undefined for a direct connection.
 *
 * Deliberately absent: a proxy for plain http, which is used only for loopback and in tests. The environment is an argument, so
 * the package proxy-from-env does not fit: it reads the process's own. Nor does the `proxyEnv` of Node's Agent, which matches
 * NO_PROXY by rules of its own (CONTRIBUTING.md, "Libraries, and what is ours").
 */
export function chosenProxy(target: URL, env: Env): ProxyChoice | undefined {
  if (target.protocol !== "https:") return undefined;

  const variable = PROXY_VARIABLES.find((name) => envValue(env, name) !== undefined);
  if (variable === undefined) return undefined;
  if (bypassesProxy(target, envValue(env, "no_proxy") ?? envValue(env, "NO_PROXY") ?? "")) return undefined;

  return { url: parseProxy(variable, envValue(env, variable) ?? ""), origin: variable };
}

/** The value is never quoted in an error: it may hold the proxy's password. */
function parseProxy(variable: string, value: string): URL {
  const text = value.includes("://") ? value : `http://${value}`;
  if (!URL.canParse(text)) {
    throw proxyError(variable, `${variable} is not a proxy address.`);
  }

  const proxy = new URL(text);
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    throw proxyError(variable, `${variable} specifies a ${proxy.protocol}// proxy, which is not supported.`);
  }
  return proxy;
}

function proxyError(variable: string, message: string): VouchError {
  return new VouchError("config-invalid", message, {
    hint: `Set ${variable} to an address such as http://proxy.example.com:3128, or unset it.`,
  });
}
