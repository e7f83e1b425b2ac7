const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether this is the machine itself. The host is as in `URL.hostname`. Source: token/vouch/VOUCH-PROTOCOL.md, "Transport". */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.has(hostname);
}
