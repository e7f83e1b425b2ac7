import type { Env } from "../env.ts";
import { isAwsEndpoint } from "./aws-endpoint.ts";
import { type EndpointVariable, endpointVariables } from "./endpoint-variables.ts";
import { type AwsService, type EndpointKey, type Endpoints, isBearerKey } from "./endpoints.ts";

/** A variable that names a host or an authority and is ignored, because login recorded another. */
export interface IgnoredVariable extends EndpointVariable {
  /** The recorded value, which is used instead; undefined for the usual one. */
  readonly recorded: string | undefined;
}

/** The variables for these parts of the record that differ from it. A bundle is named by its full path. */
export function ignoredVariables(
  env: Env,
  {
    endpoints,
    region,
    keys,
  }: { readonly endpoints: Endpoints; readonly region: string; readonly keys: readonly EndpointKey[] },
): IgnoredVariable[] {
  return endpointVariables(env)
    .filter(({ key }) => keys.includes(key))
    .filter((variable) => !isHeeded(variable, endpoints, region))
    .map((variable) => ({ ...variable, recorded: endpoints[variable.key] }));
}

function isHeeded({ key, value }: EndpointVariable, endpoints: Endpoints, region: string): boolean {
  const recorded = endpoints[key];
  if (key === "vouchCaBundle" || key === "awsCaBundle") return recorded === value;
  if (recorded !== undefined) return URL.canParse(value) && new URL(value).href === recorded;
  return !isBearerKey(key) && isAwsEndpoint(key.replace("Endpoint", "") as AwsService, region, value);
}
