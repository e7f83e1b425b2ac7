import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

export const policyCustomResource = definePolicyRule({
  cause: "P5",
  expects: "RBAC grants custom resources, which access policies for people do not contain",
  describe: ({ attempt }) => ({
    summary: `The access policies contain built-in API groups only, and the request is to ${describeRequest(attempt)}.`,
    evidence: [`None of them contains the API group ${attempt.group}.`],
  }),
});
