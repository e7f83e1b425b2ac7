import { AwsFailure } from "../failure.ts";
import type { OpenCall } from "../open-service.ts";

/**
 * What each refusal is in OAuth, its status, and its sentence.
 *
 * Source: service models of SSO OIDC for code and status; sentences: aws/aws-cli#5878 (pending), aws/aws-cli#8561 (refresh
 * token), aws/aws-toolkit-vscode#3498 (grant), theurichde/go-aws-sso#150 (client). The others are made alike: nobody wrote
 * down what AWS says.
 */
const REFUSALS = {
  AccessDeniedException: ["access_denied", 400, "Access denied"],
  AuthorizationPendingException: ["authorization_pending", 400, "Authorization is still pending"],
  ExpiredTokenException: ["expired_token", 400, "Device code has expired"],
  InternalServerException: ["server_error", 500, "Internal server error"],
  InvalidClientException: ["invalid_client", 401, "Invalid client provided"],
  InvalidClientMetadataException: ["invalid_client_metadata", 400, "Invalid client metadata provided"],
  InvalidGrantException: ["invalid_grant", 400, "Invalid grant provided"],
  InvalidRedirectUriException: ["invalid_redirect_uri", 400, "Invalid redirect uri provided"],
  InvalidRequestException: ["invalid_request", 400, "Invalid request"],
  InvalidScopeException: ["invalid_scope", 400, "Invalid scope provided"],
  SlowDownException: ["slow_down", 400, "Slow down"],
  UnauthorizedClientException: ["unauthorized_client", 400, "Client is not authorized"],
  UnsupportedGrantTypeException: ["unsupported_grant_type", 400, "Unsupported grant type provided"],
} as const;

type OidcCode = keyof typeof REFUSALS;

export function refusal(code: OidcCode, sentence: string = REFUSALS[code][2]): AwsFailure {
  return new AwsFailure(code, REFUSALS[code][1], sentence);
}

/** The member's text; refuses the request without it. */
export function requireText({ body }: OpenCall, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw refusal("InvalidRequestException");
  return value;
}

/** Undefined if the member is absent; refuses anything but a list of texts. */
export function optionalTexts({ body }: OpenCall, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
    throw refusal("InvalidRequestException");
  return value.map(String);
}

export function refusalBody({ code, message }: AwsFailure): object {
  const error = Object.hasOwn(REFUSALS, code) ? REFUSALS[code as OidcCode][0] : "invalid_request";
  return { error, error_description: message };
}
