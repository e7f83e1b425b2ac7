import { type Env, envValue } from "../env.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import type { AwsService, BearerService, EndpointKey } from "./endpoints.ts";

/** The variables for a single service. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints". */
const OWN_VARIABLES = {
  sts: "AWS_ENDPOINT_URL_STS",
  eks: "AWS_ENDPOINT_URL_EKS",
  iam: "AWS_ENDPOINT_URL_IAM",
  sso: "AWS_ENDPOINT_URL_SSO",
  ssoOidc: "AWS_ENDPOINT_URL_SSO_OIDC",
  signin: "AWS_ENDPOINT_URL_SIGNIN",
} as const satisfies Readonly<Record<AwsService | BearerService, string>>;

/** The variable for every service without a variable of its own. */
export const COMMON_VARIABLE = "AWS_ENDPOINT_URL";

/** A variable that names a host or an authority, and its value. */
export interface EndpointVariable {
  readonly key: EndpointKey;
  readonly name: string;
  readonly value: string;
}

/**
 * The variable with another address for a service: its own, else the one for all of AWS. Undefined also if
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS says so. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 */
export function endpointVariable(
  service: AwsService | BearerService,
  env: Env,
): EndpointVariable | undefined {
  if (flagVariable(env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]) === true) return undefined;
  return named(env, `${service}Endpoint`, [OWN_VARIABLES[service], COMMON_VARIABLE]);
}

/** A value to show to users: without the password of an address. */
export function shownValue(value: string): string {
  return value.replace(/\/\/[^/@]*@/, "//***@");
}

/** All variables of the environment that name hosts and authorities, whether they are used or not. */
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
