import { unsetVariables } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import { type StsHostOptions, stsHost } from "../hot/sts-host.ts";
import {
  type AwsService,
  type BearerService,
  type EndpointKey,
  type Endpoints,
  type EndpointVariable,
  endpointVariable,
  endpointVariables,
  isBearerKey,
} from "./endpoints.ts";

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

/** Whether AWS accepts it as a region name. */
export function isRegion(region: string): boolean {
  return stsHost(region, { fips: false, dualStack: false }) !== undefined;
}

/** Throws `region-invalid` if AWS does not accept it as a region name. */
export function requireRegion(region: string): void {
  if (!isRegion(region))
    throw new VouchError("region-invalid", `${JSON.stringify(region)} is not an AWS region.`);
}

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

/** Reads `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`. Throws `config-invalid` for anything but true or false. */
export function stsHostOptions(env: Env): StsHostOptions {
  return { fips: flag(env, "AWS_USE_FIPS_ENDPOINT"), dualStack: flag(env, "AWS_USE_DUALSTACK_ENDPOINT") };
}

/** The STS host that is signed into a token for this region, always AWS's own. Throws if there is none. */
export function signedStsHost(region: string, env: Env): string {
  const options = stsHostOptions(env);
  const host = stsHost(region, options);
  if (host !== undefined) return host;
  requireRegion(region);
  throw new VouchError(
    "config-invalid",
    `AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in ${region} does not accept tokens signed for a dual-stack host.`,
    { hint: withCommands`Run ${unsetVariables("AWS_USE_DUALSTACK_ENDPOINT")} and try again.` },
  );
}

function flag(env: Env, name: string): boolean {
  const value = flagVariable(env[name]);
  if (value !== undefined) return value;
  throw new VouchError(
    "config-invalid",
    `${name} is ${JSON.stringify(env[name])}; AWS accepts only true or false.`,
    {
      hint: withCommands`Run ${unsetVariables(name)} and try again.`,
    },
  );
}
