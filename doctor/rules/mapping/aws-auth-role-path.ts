import { defineRule } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

/**
 * STS never returns the path of a role, so a line that has one matches nobody.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthRolePath = defineRule({
  code: "aws-auth-role-path",
  stage: "mapping",
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
