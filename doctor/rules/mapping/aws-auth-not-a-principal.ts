import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

const KINDS: Readonly<Record<string, string>> = {
  "instance-profile": "an instance profile",
  group: "an IAM group",
  fargateprofile: "a Fargate profile",
};

/**
 * No caller of STS is an instance profile, a group or a Fargate profile.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthNotAPrincipal = defineAwsAuthLineRule({
  causes: ["A9"],
  expects: "aws-auth names roles and users only, for nothing else can call",
  wrong: "names something that is neither a role nor a user, so that nobody matches",
  falsifiedBy: "Somebody gets in through that line alone.",
  description: "Name the role, or each user.",
  explains: ["A1", "E1", "M1"],
  /** That the caller belongs to a group is not in the evidence. */
  confidence({ unmapped }, _, own) {
    const isNamed = own.some(({ arn }) => arn?.includes(":instance-profile/"));
    return unmapped && minConfidence(unmapped, isNamed ? "certain" : "possible");
  },
  faultOf({ arn }, { principal }) {
    const [, kind = "", name = ""] =
      /^arn:[^:]+:(?:iam|eks):[^:]*:\d*:([a-z-]+)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    const detail = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (detail === undefined) return undefined;
    if (kind === "instance-profile" && principal?.kind === "role" && principal.name === name)
      return { detail, isCallers: true, right: { arn: principal.canonicalArn } };
    const isAccount = principal?.kind === "user" && arn.includes(`::${principal.account}:`);
    return { detail, isCallers: kind === "group" && isAccount, right: undefined };
  },
});
