import { type Env, envValue } from "../env.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import type { AwsService, BearerService, EndpointKey } from "./endpoints.ts";

/** The variable of each service alone. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints". */
const OWN_VARIABLES = {
  sts: "AWS_ENDPOINT_URL_STS",
  eks: "AWS_ENDPOINT_URL_EKS",
  iam: "AWS_ENDPOINT_URL_IAM",
  sso: "AWS_ENDPOINT_URL_SSO",
  ssoOidc: "AWS_ENDPOINT_URL_SSO_OIDC",
  signin: "AWS_ENDPOINT_URL_SIGNIN",
} as const satisfies Readonly<Record<AwsService | BearerService, string>>;

/** The variable that counts for every service which has none of its own. */
export const COMMON_VARIABLE = "AWS_ENDPOINT_URL";

/** A variable that names a host or an authority, and what it says. */
export interface EndpointVariable {
  readonly key: EndpointKey;
  readonly name: string;
  readonly value: string;
}

/**
 * The variable that names another address for a service: its own, else the one for all of AWS. Undefined also where
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS says so. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 */
export function endpointVariable(
  service: AwsService | BearerService,
  env: Env,
): EndpointVariable | undefined {
  if (flagVariable(env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]) === true) return undefined;
  return named(env, `${service}Endpoint`, [OWN_VARIABLES[service], COMMON_VARIABLE]);
}

/** A value for people: without the password of an address. */
export function shownValue(value: string): string {
  return value.replace(/\/\/[^/@]*@/, "//***@");
}

/** All that the environment says of hosts and authorities, whether it counts or not. */
export function endpointVariables(env: Env): EndpointVariable[] {
  return [
    named(env, "vouchCaBundle", ["VOUCH_CA_BUNDLE"]),
    named(env, "awsCaBundle", ["AWS_CA_BUNDLE"]),
    endpointVariable("sts", env),
    endpointVariable("eks", env),
    endpointVariable("iam", env),
    endpointVariable("sso", env),
    endpointVariable("ssoOidc", env),
    endpointVariable("signin", env),
  ].filter((variable) => variable !== undefined);
}

function named(env: Env, key: EndpointKey, names: readonly string[]): EndpointVariable | undefined {
  const name = names.find((candidate) => envValue(env, candidate) !== undefined);
  return name === undefined ? undefined : { key, name, value: envValue(env, name) ?? "" };
}
