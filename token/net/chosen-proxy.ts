import { BlockList, isIP } from "node:net";
import { type Env, envValue } from "../env.ts";
import { VouchError } from "../errors/errors.ts";

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

/**
 * Whether a NO_PROXY list exempts a target from the proxy, or the target is this machine.
 *
 * The rules are those of Go's programs, so that kubectl and we agree: `example.com` also covers its subdomains,
 * `.example.com` and `*.example.com` cover only those, addresses may be ranges (10.0.0.0/8), a port narrows an
 * entry, `*` exempts everything, and loopback is never proxied. Entries are split at commas or blanks.
 *
 * Source: golang.org/x/net, http/httpproxy, documentation of Config.NoProxy.
 */
function bypassesProxy(target: URL, noProxy: string): boolean {
  const host = bareHost(target.hostname);
  if (isLoopback(host)) return true;

  const port = target.port === "" ? "443" : target.port;
  return noProxy
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => covers(entry.toLowerCase(), host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return rangeCovers(entry, host);

  const [name, entryPort] = splitPort(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;

  const domain = name.replace(/^\*?\./, "");
  return (domain === name && host === domain) || host.endsWith(`.${domain}`);
}

function rangeCovers(range: string, host: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;

  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}

/** An entry's host and port; IPv6 with a port is written in brackets. */
function splitPort(entry: string): [string, string | undefined] {
  const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/.exec(entry)?.groups;
  if (parts === undefined) return [entry, undefined];
  return [parts["v6"] ?? parts["name"] ?? entry, parts["port"]];
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function bareHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, "");
}
