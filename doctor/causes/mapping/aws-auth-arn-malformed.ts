import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { malformedArn } from "../../eks/principal/malformed-arn.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

export const awsAuthArnMalformed = defineAwsAuthLineRule({
  cause: {
    id: "A16",
    what: "The ARN in the aws-auth mapping is malformed: a region, a second account, spaces, or the wrong partition.",
    seen: "401",
    remedy: "Cluster admin: write the ARN exactly as IAM shows it.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects:
    "the ARNs in aws-auth are well formed: without region, second account or spaces, in the cluster's partition",
  wrong: "cannot match any caller because of a malformed ARN",
  falsifiedBy: sentence`${aws("iam get-role")} or ${aws("iam get-user")} returns exactly this ARN.`,
  description: "Use the ARN exactly as IAM returns it.",
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
