import type { Socket } from "node:net";
import { reasonOf } from "../../../token/errors/errors.ts";
import { trustedRoots } from "../../../token/net/trusted-roots.ts";
import { openTunnel } from "../../../token/net/tunnel-agent.ts";

/** How long a proxy may take to answer, in milliseconds. */
const ANSWER_MS = 5000;

/**
 * Asks a proxy for a tunnel, and returns the first line of its answer, and the connection if the tunnel was opened. If the other
 * side does not answer like a proxy, the answer is Node's own error.
 */
export async function askProxy(
  proxy: URL,
  target: string,
  signal: AbortSignal,
): Promise<{ readonly answer: string | undefined; readonly socket: Socket | undefined }> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    const { status, reason, socket } = await openTunnel(proxy, target, {
      ca: trustedRoots(undefined),
      signal: AbortSignal.any([signal, limit]),
    });
    return { answer: `HTTP/1.1 ${status} ${reason}`, socket };
  } catch (error) {
    const late = `no answer to CONNECT within ${ANSWER_MS / 1000} s`;
    return { answer: limit.aborted ? late : reasonOf(error), socket: undefined };
  }
}
