import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { malformedArn } from "../../derive/mapping/malformed-arn.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

export const awsAuthArnMalformed = defineAwsAuthLineRule({
  causes: [
    {
      id: "A16",
      what: "The ARN of the line is malformed: a region or a second account in it, blanks, another partition.",
      seen: "401",
    },
  ],
  expects:
    "the ARNs in aws-auth are well formed: no region, no second account, no blanks, the cluster's partition",
  wrong: "has a malformed ARN, so that nobody matches",
  falsifiedBy: sentence`${aws("iam get-role")} or ${aws("iam get-user")} shows this very ARN.`,
  description: "Write the ARN as IAM shows it.",
  explains: ["A1", "E1", "M1"],
  refuted({ entries }, { evidence, principal }) {
    const real = [knownValue(evidence.role)?.Role.Arn, knownValue(evidence.user)?.User.Arn];
    return entries.some(
      ({ arn }) => real.includes(arn) && malformedArn(arn, principal?.partition) !== undefined,
    );
  },
  faultOf({ arn }, { principal }) {
    const malformed = malformedArn(arn, principal?.partition);
    if (malformed === undefined) return undefined;
    const canonicalArn = principal?.canonicalArn;
    const isFixed = malformed.right?.toLowerCase() === canonicalArn?.toLowerCase();
    const isCallers = principal !== undefined && (isFixed || mentions(arn, principal));
    const right = isCallers ? canonicalArn : malformed.right;
    return {
      detail: malformed.flaws.join(", "),
      isCallers,
      right: right === undefined ? undefined : { arn: right },
    };
  },
});

/** Whether the text has the caller's account and name. */
function mentions(text: string, { canonicalArn, account }: Principal): boolean {
  const resource = canonicalArn.toLowerCase().split(":").at(-1) ?? "";
  return text.includes(account) && text.replaceAll(/\s+/g, "").toLowerCase().endsWith(`:${resource}`);
}
