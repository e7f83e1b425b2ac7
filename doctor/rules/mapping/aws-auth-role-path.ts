import { defineRule } from "../../check/rule.ts";
import { found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import type { PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { type FaultyLine, lineConclusions, sayLine } from "../shared/aws-auth-finding.ts";

/**
 * STS never returns the path of a role, so a line that has one matches nobody.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthRolePath = defineRule({
  code: "aws-auth-role-path",
  stage: "mapping",
  causes: ["A2"],
  expects: "aws-auth names roles without their path",
  needs: ["awsAuthView"],
  reads: ["principal"],
  check({ awsAuthView }, seen) {
    const lines = awsAuthView.entries.flatMap((entry) => faulty(entry, seen));
    return found(
      ...lineConclusions(awsAuthView, lines, {
        cause: "A2",
        confidence: awsAuthView.unmapped,
        wrong: "has a path, which STS never returns, so that nobody matches",
        falsifiedBy: "Somebody who has this role gets in, without an access entry.",
        description: "Strip the path from the role's ARN.",
        explains: ["A1", "E1", "M1"],
      }),
    );
  },
});

function faulty({ arn, section, index }: PlacedEntry, seen: Pick<Facts, "principal">): FaultyLine[] {
  const role = /^arn:[a-z-]+:iam::\d{12}:role\/.+\/[^/]+$/.test(arn) ? principalOfArn(arn) : undefined;
  if (role === undefined) return [];
  const isCallers = seen.principal?.kind === "role" && isSamePrincipal(arn, seen.principal.canonicalArn);
  return [
    { section, index, written: sayLine(section, index, arn), isCallers, right: { arn: role.canonicalArn } },
  ];
}
