import { type FaultyLine, lineFindings, sayLine } from "../eks/aws-auth-finding.ts";
import { awsAuthView, type PlacedEntry } from "../eks/aws-auth-view.ts";
import type { Facts } from "../facts/facts.ts";
import { isSamePrincipal, principalOfArn } from "../facts/principal.ts";
import { defineRule } from "../rule.ts";

/** STS never returns the path of a role, so a line that has one matches nobody. Source: eks-auth, A3 and A2 of C7. */
export const awsAuthRolePath = defineRule({
  code: "aws-auth-role-path",
  causes: ["A2"],
  expects: "roles stand in aws-auth without their path",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    return lineFindings(view, lines, {
      cause: "A2",
      confidence: view.unmapped,
      wrong: "has a path, which STS never returns, so that nobody matches",
      falsifiedBy: "Somebody who has this role gets in, without an access entry.",
      description: "Strip the path from the role's ARN.",
      explains: ["A1", "E1", "M1"],
    });
  },
});

function faulty({ arn, section, index }: PlacedEntry, { principal }: Facts): FaultyLine[] {
  const role = /^arn:[a-z-]+:iam::\d{12}:role\/.+\/[^/]+$/.test(arn) ? principalOfArn(arn) : undefined;
  if (role === undefined) return [];
  const isCallers = principal?.kind === "role" && isSamePrincipal(arn, principal.canonicalArn);
  return [
    { section, index, written: sayLine(section, index, arn), isCallers, right: { arn: role.canonicalArn } },
  ];
}
