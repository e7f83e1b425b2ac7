import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks, suspectedDenial } from "../shared/suspected-denial.ts";

export const policySecrets = definePolicyRule({
  causes: [{ id: "P4", what: "The policy does not contain secrets.", seen: "secrets is forbidden" }],
  expects: "an associated access policy contains secrets",
  describe: ({ attempt, policies }) => ({
    summary: `No associated access policy lets the caller ${attempt.verb} secrets: ${policies.map(({ name }) => name).join(", ")}.`,
    evidence: ["AmazonEKSViewPolicy does not contain secrets."],
  }),
  suspected: {
    forbidden: suspectedDenial(["P4"], (denied) =>
      policyLacks(denied, "secrets", "Of the access policies for people, View does not contain secrets."),
    ),
  },
});
