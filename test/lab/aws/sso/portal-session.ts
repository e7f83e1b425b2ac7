import type { SsoSession } from "../../identity-center-model.ts";
import { AwsFailure } from "../failure.ts";
import type { OpenCall } from "../open-service.ts";

/** Source: service models of SSO; sentence: ryansonshine/aws-sso-creds-helper#57. */
const UNAUTHORIZED = new AwsFailure("UnauthorizedException", 401, "Session token not found or invalid");

/** In no model, and yet what the portal answers. Source: aws/aws-sam-cli#2129. */
export function noAccess(): AwsFailure {
  return new AwsFailure("ForbiddenException", 403, "No access");
}

export function invalidRequest(message: string): AwsFailure {
  return new AwsFailure("InvalidRequestException", 400, message);
}

/** Whose token came along; one of another region is unknown here. */
export function requireSession({ world, region, request, now }: OpenCall): SsoSession {
  const token = request.headers["x-amz-sso_bearer_token"];
  const { region: home, sessions } = world.identityCenter;
  const session = sessions.find(({ accessTokens }) =>
    accessTokens.some((one) => one.token === token && one.expires > now),
  );
  if (!session || region !== home) throw UNAUTHORIZED;
  return session;
}
