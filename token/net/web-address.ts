const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether this is the machine itself. The host is as in `URL.hostname`. Source: token/vouch/VOUCH-PROTOCOL.md, "Transport". */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.has(hostname);
}

/**
 * An http or https address whose host consists of letters, digits, dots and dashes, or is an IPv6 address. URL itself allows
 * backquotes and more in a host, and our addresses get into commands to paste.
 */
export function plainUrl(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(url.hostname) ? url : undefined;
}
