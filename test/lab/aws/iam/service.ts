import { AwsFailure } from "../failure.ts";
import { queryService } from "../query/service.ts";
import {
  getOpenIdConnectProvider,
  getRole,
  getUser,
  listOpenIdConnectProviders,
  listRoles,
} from "./reads.ts";
import { simulatePrincipalPolicy } from "./simulate-principal-policy.ts";

/**
 * Identity and Access Management, as far as a doctor reads it.
 *
 * Deliberately absent: everything that writes. Tests change the world.
 */
export const IAM = queryService({
  name: "iam",
  version: "2010-05-08",
  operations: {
    GetOpenIDConnectProvider: getOpenIdConnectProvider,
    GetRole: getRole,
    GetUser: getUser,
    ListOpenIDConnectProviders: listOpenIdConnectProviders,
    ListRoles: listRoles,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
  },
  throttled: new AwsFailure("Throttling", 400, "Rate exceeded"),
  broken: new AwsFailure(
    "ServiceFailure",
    500,
    "The request processing has failed because of an unknown error.",
  ),
});
