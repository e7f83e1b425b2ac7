import path from "node:path";
import { type Endpoints, endpointVariables, isBundleKey, USUAL } from "../../../token/endpoints/endpoints.ts";
import { readEndpoints } from "../../../token/endpoints/named-endpoints.ts";
import type { CalledContext } from "../called-context.ts";
import type { ProbeHost } from "../probe-host.ts";

/**
 * The addresses of AWS and Vouch for a call, and the CAs to trust: for a context of ours as recorded in its session or profile;
 * for others as in the user's own environment. Never as in the exec block's env: a kubeconfig must not choose who receives what
 * the doctor sends.
 */
export async function endpointsOf(call: CalledContext | undefined, host: ProbeHost): Promise<Endpoints> {
  if (call === undefined || !call.isOurs) return ofEnvironment(host);
  if (!call.isVouch) return host.sources.endpoints(call.exec?.profile, call.env);
  return host.vouch.endpoints(call.exec?.server, call.account).catch(() => USUAL);
}

function ofEnvironment({ env }: ProbeHost): Endpoints {
  return readEndpoints(
    Object.fromEntries(
      endpointVariables(env).map(({ key, value }) => [key, isBundleKey(key) ? path.resolve(value) : value]),
    ),
  );
}
