import { policyName } from "../../derive/authorization/access-policies.ts";
import { grantFixes, policyFix } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks, suspectedDenial } from "../shared/suspected-denial.ts";

const EDIT = "AmazonEKSEditPolicy";

export const policySecrets = definePolicyRule({
  causes: [{ id: "P4", what: "The policy does not contain secrets.", seen: "secrets is forbidden" }],
  expects: "an associated access policy contains secrets",
  describe: ({ attempt, policies }, facts) => {
    const smallest = grantFixes(facts, attempt);
    const isEdit = smallest.some(({ actions = [] }) =>
      actions.some(
        (action) => action.kind === "associate-access-policy" && policyName(action.policyArn) === EDIT,
      ),
    );
    return {
      summary: `No associated access policy lets the caller ${attempt.verb} secrets: ${policies.map(({ name }) => name).join(", ")}.`,
      evidence: ["AmazonEKSViewPolicy does not contain secrets."],
      fixes:
        isEdit || facts.mapping?.by !== "entry" ? smallest : [...smallest, policyFix(facts, attempt, EDIT)],
    };
  },
  suspected: {
    forbidden: suspectedDenial(["P4"], (denied) =>
      policyLacks(denied, "secrets", "Of the access policies for people, View does not contain secrets."),
    ),
  },
});
