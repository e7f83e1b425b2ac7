const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** This very machine. The host as `URL.hostname` has it. Source: token/vouch/VOUCH-PROTOCOL.md, "Transport". */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.has(hostname);
}
