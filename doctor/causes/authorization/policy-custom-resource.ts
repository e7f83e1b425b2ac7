import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks, suspectedDenial } from "../shared/suspected-denial.ts";

export const policyCustomResource = definePolicyRule({
  causes: [
    {
      id: "P5",
      what: "The resource is in an API group that policies do not contain.",
      seen: "403 for custom resources",
    },
  ],
  expects: "RBAC grants custom resources, which access policies for people do not contain",
  describe: ({ attempt }) => ({
    summary: `The access policies contain built-in API groups only, and the request is to ${describeRequest(attempt)}.`,
    evidence: [`None of them contains the API group ${attempt.group}.`],
  }),
  suspected: {
    forbidden: suspectedDenial(["P5"], (denied) =>
      policyLacks(
        denied,
        "custom",
        "Access policies contain Kubernetes' own API groups, and no custom resources.",
      ),
    ),
  },
});
