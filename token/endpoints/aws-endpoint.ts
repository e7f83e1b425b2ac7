import { signedStsHost, stsHostOptions } from "../aws/signed-sts-host.ts";
import type { Env } from "../env.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import { endpointVariable } from "./endpoint-variables.ts";
import type { AwsService, Endpoints } from "./endpoints.ts";

/**
 * Where calls to a service are sent if not to AWS's usual host: the recorded address, else one of AWS's own names from a variable
 * (an interface endpoint). A variable with any other host is ignored. Undefined: AWS's usual host for the region. This never
 * affects what is signed into a token.
 */
export function endpointOverride(
  service: AwsService,
  { region, env, endpoints }: { readonly region: string; readonly env: Env; readonly endpoints: Endpoints },
): URL | undefined {
  const recorded = endpoints[`${service}Endpoint`];
  if (recorded !== undefined) return new URL(recorded);
  const named = endpointVariable(service, env)?.value;
  return named !== undefined && isAwsEndpoint(service, region, named) ? new URL(named) : undefined;
}

/** Where calls to STS are sent. Throws for an invalid region. */
export function stsEndpoint(
  region: string,
  { env, endpoints }: { readonly env: Env; readonly endpoints: Endpoints },
): URL {
  const own = new URL(`https://${signedStsHost(region, env)}`);
  return endpointOverride("sts", { region, env, endpoints }) ?? own;
}

/**
 * The SDK's settings for the host of a service, and the resulting address, for the proxy. FIPS and dual-stack choose among AWS's
 * own names: the host of STS already reflects them, IAM is one service for a whole partition, and they do not apply to an address
 * that a user set.
 */
export function sdkHost(
  service: AwsService,
  place: { readonly region: string; readonly env: Env; readonly endpoints: Endpoints },
) {
  const { region, env } = place;
  const endpoint = service === "sts" ? stsEndpoint(region, place) : endpointOverride(service, place);
  if (endpoint !== undefined) return { target: endpoint, options: { endpoint: endpoint.href } };

  const { dnsSuffix } = partitionOfRegion(region);
  if (service === "iam") return { target: new URL(`https://iam.${dnsSuffix}`), options: {} };
  const { fips, dualStack } = stsHostOptions(env);
  return {
    target: new URL(`https://eks.${region}.${dnsSuffix}`),
    options: { useFipsEndpoint: fips, useDualstackEndpoint: dualStack },
  };
}

/**
 * Whether an address is exactly one of AWS's own for a service in a region: `SERVICE[-fips].REGION.SUFFIX`, or an interface
 * Whether an address is exactly one of AWS's own for a service in a region: `SERVICE[-fips].REGION.SUFFIX`, or an interface
 * endpoint `vpce-*.SERVICE.REGION.vpce.SUFFIX`, over https on the usual port. Not just any name under `amazonaws.com`: anyone's
 * bucket, load balancer or API has one.
 *
 * Source: AWS General Reference, "Service endpoints"; AWS PrivateLink guide, "Access an AWS service using an interface
 * VPC endpoint".
 */
export function isAwsEndpoint(service: AwsService, region: string, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password, pathname, search } = new URL(address);
  if (protocol !== "https:" || port !== "" || username !== "" || password !== "") return false;
  if (pathname !== "/" || search !== "") return false;

  const { dnsSuffix, dualStackSuffix } = partitionOfRegion(region);
  const suffixes = dualStackSuffix === undefined ? [dnsSuffix] : [dnsSuffix, dualStackSuffix];
  const isOwn = suffixes.some((suffix) =>
    [`${service}.${region}.${suffix}`, `${service}-fips.${region}.${suffix}`].includes(hostname),
  );
  const [id = "", ...rest] = hostname.split(".");
  const isInterface = /^vpce-[0-9a-z-]+$/.test(id) && !id.startsWith("vpce-svc-");
  return isOwn || (isInterface && rest.join(".") === `${service}.${region}.vpce.${dnsSuffix}`);
}
