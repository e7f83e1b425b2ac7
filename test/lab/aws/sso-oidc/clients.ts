import { randomBytes } from "node:crypto";
import type { SsoClient } from "../../identity-center-model.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";
import { jsonReply } from "../rest-json.ts";
import { isLoopbackUri } from "./redirect-uri.ts";
import { optionalTexts, refusal, requireText } from "./refusal.ts";

/** Source: service models of SSO OIDC, RegisterClientRequest.grantTypes. */
export const GRANT = {
  code: "authorization_code",
  device: "urn:ietf:params:oauth:grant-type:device_code",
  refresh: "refresh_token",
} as const;

/** The only scope that the lab plays: accounts and roles, and tokens that can be refreshed. */
export const ACCOUNT_ACCESS = "sso:account:access";

/** How long a registration is good, in seconds: 90 days. Source: aws/aws-cli#5971, in whose log one was made for that long. */
const REGISTRATION_SECONDS = 90 * 24 * 60 * 60;

/** RegisterClient: anybody may, for a public client. */
export function registerClient(call: OpenCall): AwsReply {
  const name = requireText(call, "clientName");
  if (requireText(call, "clientType") !== "public") throw refusal("InvalidClientMetadataException");
  const issued = Math.floor(call.now.getTime() / 1000);
  const client: SsoClient = {
    id: randomBytes(22).toString("base64url"),
    secret: `eyJraWQiOi${randomBytes(300).toString("base64url")}`,
    name,
    region: call.region,
    expires: new Date((issued + REGISTRATION_SECONDS) * 1000),
    scopes: requiredScopes(call),
    ...requiredGrants(call),
  };
  call.world.identityCenter.clients.set(client.id, client);
  return jsonReply(200, {
    clientId: client.id,
    clientSecret: client.secret,
    clientIdIssuedAt: issued,
    clientSecretExpiresAt: issued + REGISTRATION_SECONDS,
  });
}

function requiredScopes(call: OpenCall): string[] {
  const scopes = optionalTexts(call, "scopes") ?? [];
  if (scopes.some((scope) => scope !== ACCOUNT_ACCESS)) throw refusal("InvalidScopeException");
  return scopes;
}

/** Codes need somewhere to be sent, and somebody who gives them out. */
function requiredGrants(call: OpenCall): Pick<SsoClient, "grantTypes" | "redirectUris"> {
  const grantTypes = optionalTexts(call, "grantTypes") ?? [];
  const redirectUris = optionalTexts(call, "redirectUris") ?? [];
  const known: readonly string[] = Object.values(GRANT);
  if (grantTypes.some((grant) => !known.includes(grant))) throw refusal("UnsupportedGrantTypeException");
  if (!redirectUris.every(isLoopbackUri)) throw refusal("InvalidRedirectUriException");
  if (grantTypes.includes(GRANT.code)) {
    if (redirectUris.length === 0) throw refusal("InvalidRedirectUriException");
    requireIssuer(call, requireText(call, "issuerUrl"));
  }
  return { grantTypes, redirectUris };
}

/** The access portal's address, with or without what a browser appends. */
export function requireIssuer({ world, region }: OpenCall, url: string): void {
  const { startUrl, region: home } = world.identityCenter;
  if (region !== home || url.replace(/\/?(#\/?)?$/, "") !== startUrl)
    throw refusal("InvalidRequestException");
}

/** A registration that is over is no client any more. */
export function requireClient(call: OpenCall): SsoClient {
  const [id, secret] = [requireText(call, "clientId"), requireText(call, "clientSecret")];
  const client = findClient(call, id);
  if (client?.secret !== secret) throw refusal("InvalidClientException");
  return client;
}

export function findClient({ world, region, now }: OpenCall, id: string): SsoClient | undefined {
  const client = world.identityCenter.clients.get(id);
  return client?.region === region && client.expires > now ? client : undefined;
}

export function mayUse({ grantTypes }: SsoClient, grant: string): boolean {
  return grantTypes.length === 0 ? grant !== GRANT.code : grantTypes.includes(grant);
}
