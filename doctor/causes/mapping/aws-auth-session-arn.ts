import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

/** EKS compares lines with the role, never with one of its sessions. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthSessionArn = defineAwsAuthLineRule({
  causes: [{ id: "A3", what: "The line has the ARN of a session, not of the role.", seen: "401" }],
  expects: "aws-auth names roles, not sessions of roles",
  wrong: "names a session of a role and not the role, so that nobody matches",
  falsifiedBy: "Somebody who has this role gets in, without an access entry.",
  description: "Write the ARN of the role.",
  explains: ["A1", "E1", "M1"],
  faultOf({ arn }, { principal }) {
    if (!/^arn:[a-z-]+:sts::\d*:assumed-role\//.test(arn)) return undefined;
    const role = (principalOfArn(arn) ?? principalOfArn(`${arn}/session`))?.canonicalArn;
    if (role === undefined) return { isCallers: false, right: undefined };
    const isCallers = principal !== undefined && isSamePrincipal(role, principal.canonicalArn);
    return { isCallers, right: { arn: role } };
  },
});
