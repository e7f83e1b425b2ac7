import { type Env, envValue } from "../env.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import { isLoopbackHost } from "../net/web-address.ts";

/** The AWS services that get our signatures or identity tokens. */
export type AwsService = "sts" | "eks" | "iam";

/**
 * The services by which users sign in, which get bearer tokens: the portal and the token service of Identity Center, and AWS
 * Sign-In.
 */
export type BearerService = "sso" | "ssoOidc" | "signin";

/**
 * Which hosts get the secrets of a session, and which CAs vouch for them, as login or setup recorded it. Absent members
 * mean the built-in roots only, and AWS's own hosts. See token/SECURITY.md, "What steers it".
 */
export interface Endpoints {
  /** PEM file, absolute: CAs for the Vouch server, in addition to the built-in ones. */
  readonly vouchCaBundle?: string;
  /** PEM file, absolute: CAs for AWS, in addition to the built-in ones. */
  readonly awsCaBundle?: string;
  /** Addresses in place of AWS's own: https, or http on loopback. */
  readonly stsEndpoint?: string;
  readonly eksEndpoint?: string;
  readonly iamEndpoint?: string;
  /** Addresses in place of AWS's own, but only on this machine: anyone who receives a bearer token can use it. */
  readonly ssoEndpoint?: string;
  readonly ssoOidcEndpoint?: string;
  readonly signinEndpoint?: string;
}

const BEARER_KEYS = [
  "ssoEndpoint",
  "ssoOidcEndpoint",
  "signinEndpoint",
] as const satisfies readonly (keyof Endpoints)[];

export const ENDPOINT_KEYS = [
  "vouchCaBundle",
  "awsCaBundle",
  "stsEndpoint",
  "eksEndpoint",
  "iamEndpoint",
  ...BEARER_KEYS,
] as const satisfies readonly (keyof Endpoints)[];

export type EndpointKey = (typeof ENDPOINT_KEYS)[number];

/** AWS's own hosts, and only the built-in CAs. */
export const USUAL: Endpoints = {};

export function isSameEndpoints(one: Endpoints, other: Endpoints): boolean {
  return ENDPOINT_KEYS.every((key) => one[key] === other[key]);
}

export function isBundleKey(key: EndpointKey): boolean {
  return key.endsWith("Bundle");
}

export function isBearerKey(key: EndpointKey): boolean {
  return BEARER_KEYS.some((one) => one === key);
}

/** Whether a user may set this address for a service, given what is sent there. */
export function isAddressFor(key: EndpointKey, text: string): boolean {
  return isAddress(text) && (!isBearerKey(key) || isLoopbackHost(new URL(text).hostname));
}

/** Whether secrets may be sent to an address that a user set: https, or plain http on this machine. */
export function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname));
}

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

/** All variables of the environment that name hosts and CAs, whether they are used or not. */
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
