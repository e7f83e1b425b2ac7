import { AwsFailure } from "../failure.ts";
import { queryService } from "../query/service.ts";
import { getRole, getUser, listOpenIdConnectProviders } from "./reads.ts";

/**
 * Identity and Access Management, as far as the doctor asks it, or tells a person to.
 *
 * Deliberately absent: everything that writes. Tests change the world.
 */
export const IAM = queryService({
  name: "iam",
  version: "2010-05-08",
  operations: {
    GetRole: getRole,
    GetUser: getUser,
    ListOpenIDConnectProviders: listOpenIdConnectProviders,
  },
  throttled: new AwsFailure("Throttling", 400, "Rate exceeded"),
  broken: new AwsFailure(
    "ServiceFailure",
    500,
    "The request processing has failed because of an unknown error.",
  ),
});
