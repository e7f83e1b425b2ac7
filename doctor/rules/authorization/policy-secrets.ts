import { policyName } from "../../derive/authorization/access-policies.ts";
import { grantFixes, policyFix } from "../../fixes/grant-fixes.ts";
import { definePolicyRule } from "../shared/denial-rule.ts";

const EDIT = "AmazonEKSEditPolicy";

export const policySecrets = definePolicyRule({
  cause: "P4",
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
});
