import { AwsFailure } from "../failure.ts";
import { type OpenRoute, openService } from "../open-service.ts";
import { getRoleCredentials, listAccountRoles, listAccounts, logout } from "./operations.ts";

const TYPE = "com.amazonaws.switchboard.portal";

/**
 * The access portal of IAM Identity Center: a token in the header `x-amz-sso_bearer_token`, answers in JSON, the refusal's
 * code in a header and in the body.
 *
 * Source: service models of SSO; `__type`: aws-sdk-js-v3, deserializers of client-sso 3.0.
 */
export const SSO = openService({
  name: "sso",
  namespace: `:http://internal.amazon.com/coral/${TYPE}/`,
  refusalBody: ({ code, message }) => ({ message, __type: `${TYPE}#${code}` }),
  throttled: new AwsFailure("TooManyRequestsException", 429, "Rate exceeded"),
  broken: new AwsFailure("InternalServerException", 500, "Internal error"),
  routes: [
    route("GET", "/federation/credentials", getRoleCredentials),
    route("GET", "/assignment/accounts", listAccounts),
    route("GET", "/assignment/roles", listAccountRoles),
    route("POST", "/logout", logout),
  ],
});

/** The operation is named as its function. */
function route(method: string, path: string, run: OpenRoute["run"]): OpenRoute {
  const operation = run.name.charAt(0).toUpperCase() + run.name.slice(1);
  return { method, path, operation, told: ["role_name", "account_id", "max_result"], run };
}
