import { describeRequest } from "../../derive/authorization/denial.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks } from "../shared/suspected.ts";

export const policyCustomResource = definePolicyRule({
  cause: {
    id: "P5",
    what: "The resource is in an API group that access policies do not include.",
    seen: "403 for custom resources",
    remedy: "Cluster admin: grant access to this API group with RBAC; access policies do not include it.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
  },
  expects: "RBAC grants access to custom resources, which access policies for users do not include",
  describe: ({ attempt }) => ({
    summary: `Access policies cover only built-in API groups and do not allow the caller to ${describeRequest(attempt)}.`,
    evidence: [`None of them includes API group ${attempt.group}.`],
  }),
  suspected: {
    forbidden: policyLacks(
      "P5",
      "custom",
      "Access policies cover Kubernetes' own API groups, but not custom resources.",
    ),
  },
});
