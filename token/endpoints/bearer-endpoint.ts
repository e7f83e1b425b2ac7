import { stsHostOptions } from "../aws/signed-sts-host.ts";
import type { Env } from "../env.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import type { BearerService, Endpoints } from "./endpoints.ts";
import { requireRegion } from "./region.ts";

/** The domains under which users sign in, by partition. Source: @aws-sdk/nested-clients 3.998.4, endpoint rules of Signin. */
const SIGN_IN_DOMAINS: Readonly<Record<string, string>> = {
  aws: "aws.amazon.com",
  "aws-cn": "amazonaws.cn",
  "aws-us-gov": "amazonaws-us-gov.com",
  "aws-eusc": "amazonaws-eusc.eu",
  "aws-iso": "c2shome.ic.gov",
  "aws-iso-b": "sc2shome.sgov.gov",
  "aws-iso-e": "csphome.adc-e.uk",
  "aws-iso-f": "csphome.hci.ic.gov",
};

/**
 * The base URL of a service that gets bearer tokens: the recorded address, which must be on this machine, else AWS's own host for
 * the region. No variable and no profile can change it. Throws `region-invalid` for an invalid region, since it becomes part of
 * the host name.
 */
export function bearerEndpoint(
  service: BearerService,
  { region, env, endpoints }: { readonly region: string; readonly env: Env; readonly endpoints: Endpoints },
): URL {
  requireRegion(region);
  return new URL(endpoints[`${service}Endpoint`] ?? `https://${ownHost(service, region, env)}`);
}

/** Source: @aws-sdk/nested-clients 3.998.4, endpoint rules of SSO, SSO OIDC and Signin. */
function ownHost(service: BearerService, region: string, env: Env): string {
  const { fips, dualStack } = stsHostOptions(env);
  const { id, dnsSuffix, dualStackSuffix } = partitionOfRegion(region);
  const suffix = (dualStack ? dualStackSuffix : undefined) ?? dnsSuffix;
  const isPlainFips = id === "aws-us-gov" && !dualStack;
  if (service === "signin" && ((!fips && !dualStack) || isPlainFips)) {
    if (fips && region === "us-gov-west-1") return `signin-fips.${SIGN_IN_DOMAINS[id]}`;
    return `${region}.${fips ? "signin-fips" : "signin"}.${SIGN_IN_DOMAINS[id]}`;
  }
  const name = { sso: "portal.sso", ssoOidc: "oidc", signin: "signin" }[service];
  return `${fips && !isPlainFips ? `${name}-fips` : name}.${region}.${suffix}`;
}
