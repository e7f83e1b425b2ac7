import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

/** EKS matches mappings against the role, never against one of its sessions. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthSessionArn = defineAwsAuthLineRule({
  cause: {
    id: "A3",
    what: "The aws-auth mapping has the ARN of a session instead of the role.",
    seen: "401",
    remedy: "Cluster admin: map the IAM role instead of the session (arn:aws:sts::…:assumed-role/…).",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth maps roles, not role sessions",
  wrong: "cannot match any caller, since EKS matches the role's ARN, not a session's ARN",
  falsifiedBy: "A user with this role can authenticate without an access entry.",
  description: "Use the ARN of the role.",
  explains: ["A1", "E1", "M1"],
  faultOf({ arn }, { principal }) {
    if (!/^arn:[a-z-]+:sts::\d*:assumed-role\//.test(arn)) return undefined;
    const role = (principalOfArn(arn) ?? principalOfArn(`${arn}/session`))?.canonicalArn;
    if (role === undefined) return { isCallers: false, right: undefined };
    const isCallers = principal !== undefined && isSamePrincipal(role, principal.canonicalArn);
    return { isCallers, right: { arn: role } };
  },
});
