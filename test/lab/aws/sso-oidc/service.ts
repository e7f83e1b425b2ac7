import { openService } from "../open-service.ts";
import { authorize } from "./authorization-code.ts";
import { registerClient } from "./clients.ts";
import { createToken } from "./create-token.ts";
import { startDeviceAuthorization } from "./device-grant.ts";
import { devicePage } from "./device-page.ts";
import { refusal, refusalBody } from "./refusal.ts";

const REGISTRATION = [
  "clientName",
  "clientType",
  "scopes",
  "redirectUris",
  "grantTypes",
  "issuerUrl",
] as const;
const QUESTION = ["response_type", "client_id", "redirect_uri", "code_challenge_method", "scopes"] as const;

/**
 * The sign-in service of IAM Identity Center: REST, the errors of OAuth in JSON, the refusal's code in a header.
 *
 * Deliberately absent: CreateTokenWithIAM, applications, and every scope but `sso:account:access`. `/authorize` and the page for
 * codes are in no service model: a browser opens them. Source: service models of SSO OIDC; header: aws/aws-cli#8561.
 */
export const SSO_OIDC = openService({
  name: "sso-oidc",
  namespace: ":http://internal.amazon.com/coral/com.amazonaws.sso.oidc/",
  refusalBody,
  throttled: refusal("SlowDownException"),
  broken: refusal("InternalServerException"),
  routes: [
    {
      method: "POST",
      path: "/client/register",
      operation: "RegisterClient",
      told: REGISTRATION,
      run: registerClient,
    },
    {
      method: "POST",
      path: "/device_authorization",
      operation: "StartDeviceAuthorization",
      told: ["clientId", "startUrl"],
      run: startDeviceAuthorization,
    },
    { method: "GET", path: "/authorize", operation: "Authorize", told: QUESTION, run: authorize },
    { method: "GET", path: "/device", operation: "DevicePage", told: ["answer"], run: devicePage },
    {
      method: "POST",
      path: "/token",
      operation: "CreateToken",
      told: ["clientId", "grantType", "redirectUri"],
      run: createToken,
    },
  ],
});
