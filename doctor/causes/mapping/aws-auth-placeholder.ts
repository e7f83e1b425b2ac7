import { minConfidence } from "../../derive/confidence.ts";
import { defineAwsAuthLineRule, isCallers } from "../shared/aws-auth-line-rule.ts";

export const awsAuthPlaceholder = defineAwsAuthLineRule({
  cause: {
    id: "A15",
    what: "Angle brackets from the documentation were left in the aws-auth mapping.",
    seen: "401 or 403",
    remedy: "Cluster admin: remove the angle brackets, and replace examples with the real values.",
    isUnconfirmed: true,
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth does not contain placeholders from the documentation",
  wrong: "must not contain placeholders from the documentation",
  falsifiedBy: "The group, username or ARN really contains the characters < and >.",
  description: "Remove the brackets, and replace example values with the real ones.",
  explains: ["A1", "E1", "R1"],
  warningConfidence: "likely",
  confidence({ unmapped, mapped }) {
    const confidence = unmapped ?? mapped;
    return confidence && minConfidence(confidence, "likely");
  },
  faultOf({ arn, username, groups }, { principal }) {
    const texts = [arn, username, ...groups].filter((text) => /[<>]/.test(text));
    if (texts.length === 0) return undefined;
    const right = { arn: bare(arn), username: bare(username), groups: groups.map(bare) };
    return {
      detail: texts.join(", "),
      isCallers: isCallers(right.arn, principal),
      right: texts.some((text) => /\s/.test(text)) ? undefined : right,
    };
  },
});

function bare(text: string): string {
  return text.replaceAll(/[<>]/g, "");
}
