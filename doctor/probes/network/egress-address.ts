import { isIP } from "node:net";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";
import type { ProbeHost } from "../probe-host.ts";
import { getOverTls } from "./get-over-tls.ts";

/**
 * AWS's own mirror; asked only when a connection gets no answer.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
const CHECK_IP = "https://checkip.amazonaws.com/";

/** The address this machine has to the outside; undefined when nobody says. */
export async function egressAddress(
  { env, clock }: ProbeHost,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = new URL(CHECK_IP);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  try {
    const { status, body } = await getOverTls({
      url,
      headers: {},
      ca: undefined,
      proxy: chosenProxy(url, env),
      clock,
      signal: limit,
    });
    return status === 200 && isIP(body.trim()) !== 0 ? body.trim() : undefined;
  } catch {
    return undefined;
  }
}
