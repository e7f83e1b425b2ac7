import path from "node:path";
import { endpointVariables } from "../../../token/endpoints/endpoint-variables.ts";
import { type Endpoints, isBundleKey, USUAL } from "../../../token/endpoints/endpoints.ts";
import { readEndpoints } from "../../../token/endpoints/read-endpoints.ts";
import type { CalledContext } from "../called-context.ts";
import type { ProbeHost } from "../probe-host.ts";

/**
 * Where AWS and Vouch are asked for a call, and who vouches for them: for a context of ours as its session, or its profile, has
 * it on record; for others as the person's own environment says. Never as the exec block's env says: a kubeconfig does not
 * choose who gets what a doctor sends.
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
