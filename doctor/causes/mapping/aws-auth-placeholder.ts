import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { defineAwsAuthLineRule, isCallers } from "../shared/aws-auth-line-rule.ts";

export const awsAuthPlaceholder = defineAwsAuthLineRule({
  causes: [
    {
      id: "A15",
      what: "Angle brackets from documentation were left in the line.",
      seen: "401 or 403",
      isUnconfirmed: true,
    },
  ],
  expects: "aws-auth contains no placeholder from the documentation",
  wrong: "contains a placeholder from the documentation",
  falsifiedBy: "The group, name or ARN really contains the signs < and >.",
  description: "Remove the brackets, and replace what is only an example with the real value.",
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
