import { AwsFailure } from "../failure.ts";
import { queryService } from "../query/service.ts";
import { assumeRole } from "./assume-role.ts";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";

/**
 * The Security Token Service.
 *
 * Deliberately absent: GetSessionToken, SAML, MFA, provided contexts.
 */
export const STS = queryService({
  name: "sts",
  version: "2011-06-15",
  operations: {
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetCallerIdentity: getCallerIdentity,
  },
  throttled: new AwsFailure("Throttling", 400, "Rate exceeded"),
  broken: new AwsFailure(
    "InternalFailure",
    500,
    "The request processing has failed because of an unknown error.",
  ),
});
