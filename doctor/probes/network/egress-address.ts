import { isIP } from "node:net";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";
import type { ProbeHost } from "../probe-host.ts";
import { getOverTls } from "./get-over-tls.ts";

/**
 * AWS's service that answers with the caller's address; called only if a connection gets no answer. Source: doctor/EKS-ACCESS.md,
 * "Cluster and network".
 */
const CHECK_IP = "https://checkip.amazonaws.com/";

/** The public address of this machine; undefined if it could not be determined. */
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
