import { isLoopbackHost } from "../net/web-address.ts";

/** The AWS services that get our signatures or identity tokens. */
export type AwsService = "sts" | "eks" | "iam";

/**
 * The services by which users sign in, which get bearer tokens: the portal and the token service of Identity Center, and AWS
 * Sign-In.
 */
export type BearerService = "sso" | "ssoOidc" | "signin";

/**
 * Which hosts get the secrets of a session, and which authorities vouch for them, as login or setup recorded it. Absent members
 * mean the built-in roots only, and AWS's own hosts. See token/SECURITY.md, "What steers it".
 */
export interface Endpoints {
  /** PEM file, absolute: authorities for the Vouch server, besides those built in. */
  readonly vouchCaBundle?: string;
  /** PEM file, absolute: authorities for AWS, besides those built in. */
  readonly awsCaBundle?: string;
  /** Addresses in place of AWS's own: https, or http on loopback. */
  readonly stsEndpoint?: string;
  readonly eksEndpoint?: string;
  readonly iamEndpoint?: string;
  /** Addresses in place of AWS's own, but only on this machine: whoever receives a bearer token can use it. */
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

/** AWS's own hosts, and no authorities but those built in. */
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
