import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

/** STS never returns the path of a role, so a line with a path matches nobody. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthRolePath = defineAwsAuthLineRule({
  causes: ["A2"],
  expects: "aws-auth names roles without their path",
  wrong: "has a path, which STS never returns, so that nobody matches",
  falsifiedBy: "Somebody who has this role gets in, without an access entry.",
  description: "Strip the path from the role's ARN.",
  explains: ["A1", "E1", "M1"],
  faultOf({ arn }, { principal }) {
    const role = /^arn:[a-z-]+:iam::\d{12}:role\/.+\/[^/]+$/.test(arn) ? principalOfArn(arn) : undefined;
    if (role === undefined) return undefined;
    const isCallers = principal?.kind === "role" && isSamePrincipal(arn, principal.canonicalArn);
    return { isCallers, right: { arn: role.canonicalArn } };
  },
});
