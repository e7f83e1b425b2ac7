import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { plainText } from "../pasted-text.ts";

type CallerCase = Pick<Facts, "evidence" | "principal" | "isOtherPrincipal" | "symptom">;

/** The principal that IAM refuses. Source: IAM user guide, "Troubleshoot access denied error messages". */
const REFUSED = /\bUser: (arn:[a-z-]+:(?:sts|iam)::\d{12}:[^\s"']+) is not authorized/;

/**
 * The principal that a command for the caller most likely needs: the known one, otherwise the one that AWS or the cluster names when
 * it refuses the call. Only for commands, whose reader sees the name; nothing is concluded from it.
 */
export function likelyPrincipal(facts: CallerCase): Principal | undefined {
  const { evidence, principal, isOtherPrincipal, symptom } = facts;
  if (principal !== undefined || isOtherPrincipal) return principal;
  const user = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const arns = [
    REFUSED.exec(plainText(evidence.question?.stderr ?? ""))?.[1],
    symptom?.kind === "forbidden" ? symptom.user : undefined,
    ...(user?.extra?.["arn"] ?? []),
    user?.username,
  ];
  return arns.map((arn) => principalOfArn(arn ?? "")).find((found) => found !== undefined);
}
