import { BlockList, isIP } from "node:net";

/**
 * Whether a NO_PROXY list exempts a target from the proxy, or the target is this machine.
 *
 * The rules are those of Go's programs, so that kubectl and we agree: `example.com` also covers its subdomains,
 * `.example.com` and `*.example.com` cover only those, addresses may be ranges (10.0.0.0/8), a port narrows an
 * entry, `*` exempts everything, and loopback is never proxied. Entries are split at commas or blanks.
 *
 * Source: golang.org/x/net, http/httpproxy, documentation of Config.NoProxy.
 */
export function bypassesProxy(target: URL, noProxy: string): boolean {
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
