import { partitionOfRegion } from "./partitions.ts";
import { type AwsRequest, decodedPairs } from "./request.ts";

/** As botocore names their service models. */
export type AwsServiceName = "sts" | "eks" | "iam" | "sso" | "sso-oidc" | "signin";

/** Which of AWS's endpoints a request means. */
export interface Endpoint {
  readonly service: AwsServiceName;
  /** The region that the host's name binds signatures to; undefined on loopback, where the signature determines it. */
  readonly region: string | undefined;
}

/** `Version` of each Query API. Source: service models of STS and IAM. */
const QUERY_VERSIONS: Readonly<Record<string, AwsServiceName>> = { "2011-06-15": "sts", "2010-05-08": "iam" };

/** By AWS's own host name, or on loopback by the shape of the request; undefined for any other host. */
export function endpointOf(request: AwsRequest): Endpoint | undefined {
  return isLoopback(request)
    ? { service: serviceByShape(request), region: undefined }
    : endpointByHost(hostOf(request));
}

/** Whether it came for the loopback address, and for no host of AWS's. */
export function isLoopback(request: AwsRequest): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(hostOf(request));
}

function hostOf({ headers }: AwsRequest): string {
  return (headers["host"] ?? "").toLowerCase();
}

/**
 * Paths of the services by which people log in; every other path is one of EKS. Source: service models of botocore. What a
 * browser opens is in none: `/authorize`, and `/device` is ours.
 */
const SIGN_IN_PATHS: Readonly<Record<string, AwsServiceName>> = {
  "/client/register": "sso-oidc",
  "/device_authorization": "sso-oidc",
  "/authorize": "sso-oidc",
  "/device": "sso-oidc",
  "/token": "sso-oidc",
  "/federation/credentials": "sso",
  "/assignment/accounts": "sso",
  "/assignment/roles": "sso",
  "/logout": "sso",
  "/v1/token": "signin",
};

function serviceByShape(request: AwsRequest): AwsServiceName {
  if (request.path !== "/") return SIGN_IN_PATHS[request.path] ?? "eks";
  const form = request.method === "POST" ? request.body.toString("utf8") : request.query;
  const version = decodedPairs(form).find(([name]) => name === "Version")?.[1];
  return QUERY_VERSIONS[version ?? ""] ?? "sts";
}

function endpointByHost(host: string): Endpoint | undefined {
  if (host === "sts.amazonaws.com") return { service: "sts", region: "us-east-1" };
  if (host === "iam.amazonaws.com") return { service: "iam", region: "us-east-1" };
  return signInEndpoint(host) ?? signedEndpoint(host);
}

/** Hosts before a region, the FIPS ones aside. Source: botocore, endpoint-rule-set-1.json of sso-oidc and sso. */
const SIGN_IN_HOSTS: Readonly<Record<string, AwsServiceName>> = { oidc: "sso-oidc", "portal.sso": "sso" };

function signInEndpoint(host: string): Endpoint | undefined {
  const [, home] = /^([a-z0-9-]+)\.signin\.aws\.amazon\.com$/.exec(host) ?? [];
  if (home && partitionOfRegion(home)?.id === "aws") return { service: "signin", region: home };
  const [, name = "", region = "", suffix] = /^(oidc|portal\.sso)\.([a-z0-9-]+)\.(.+)$/.exec(host) ?? [];
  const service = SIGN_IN_HOSTS[name];
  const partition = partitionOfRegion(region);
  const known = suffix === partition?.suffix || suffix === partition?.dualStackSuffix;
  return service && partition && known ? { service, region } : undefined;
}

function signedEndpoint(host: string): Endpoint | undefined {
  const [, fips, service, fipsSuffix, region = "", suffix] =
    /^(fips\.)?(sts|eks|iam)(-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(host) ?? [];
  const partition = partitionOfRegion(region);
  if (!partition) return undefined;
  if (fipsSuffix && service !== "sts") return undefined;
  const plain = suffix === partition.suffix && (!fips || service === "eks");
  const dualStack = suffix === partition.dualStackSuffix && !fips;
  if (!plain && !dualStack) return undefined;
  if (service === "sts" || service === "eks") return { service, region };
  return region === partition.iamRegion && plain ? { service: "iam", region } : undefined;
}
