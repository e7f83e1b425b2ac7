import { ownValue } from "../../../token/record.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

const KINDS: Readonly<Record<string, string>> = {
  "instance-profile": "an instance profile",
  group: "an IAM group",
  fargateprofile: "a Fargate profile",
  "access-entry": "an access entry",
};

/** Instance profiles, groups, Fargate profiles and access entries never call STS. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthNotAPrincipal = defineAwsAuthLineRule({
  cause: {
    id: "A9",
    what: "The aws-auth mapping is for something that is not a principal, such as an instance profile or an IAM group.",
    seen: "401",
    remedy:
      "Cluster admin: map the IAM role, or each IAM user; instance profiles and IAM groups do not work.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth maps only roles and users, since nothing else can authenticate",
  wrong: "cannot match any caller, since only IAM roles and users can authenticate",
  falsifiedBy: "A user can authenticate with that mapping alone.",
  description: "Map the role, or each user, instead.",
  explains: ["A1", "E1", "M1"],
  /** The evidence does not show whether the caller belongs to a group. */
  confidence({ unmapped }, _, own) {
    const isNamed = own.some(
      ({ arn }) => arn !== undefined && /:(?:instance-profile|access-entry)\//.test(arn),
    );
    return unmapped && minConfidence(unmapped, isNamed ? "certain" : "possible");
  },
  faultOf({ arn }, { principal }) {
    const [, kind = "", name = ""] =
      /^arn:[^:]+:(?:iam|eks):[^:]*:\d*:([a-z-]+)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    const detail = ownValue(KINDS, kind);
    if (detail === undefined) return undefined;
    if (kind === "instance-profile" && principal?.kind === "role" && principal.name === name)
      return { detail, isCallers: true, right: { arn: principal.canonicalArn } };
    if (kind === "access-entry" && principal !== undefined && isEntryOf(arn, principal))
      return { detail, isCallers: true, right: { arn: principal.canonicalArn } };
    const isAccount = principal?.kind === "user" && arn.includes(`::${principal.account}:`);
    return { detail, isCallers: kind === "group" && isAccount, right: undefined };
  },
});

/** `…:access-entry/CLUSTER/role/ACCOUNT/NAME/ID` */
function isEntryOf(arn: string, { kind, account, name }: Principal): boolean {
  const [, of, ofAccount, ...rest] = arn.split(":access-entry/")[1]?.split("/") ?? [];
  return of === kind && ofAccount === account && rest.at(-2) === name;
}
