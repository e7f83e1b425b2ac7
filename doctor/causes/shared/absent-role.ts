import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Description } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalOfArn } from "../../derive/identity/principal.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { forIamAdmin, forYou } from "../../fixes/fix.ts";

/**
 * IAM's error that there is no such role. To callers who may not assume it, STS answers the same whether or not it exists.
 * IAM is asked in the caller's account.
 */
export function absenceOf(
  { evidence }: Pick<Facts, "evidence">,
  roleArn: string | undefined,
): string | undefined {
  const name = principalOfArn(roleArn ?? "")?.name;
  const failure = failureOf(evidence.role);
  return name !== undefined && failure?.includes("NoSuchEntity") && failure.includes(name)
    ? failure
    : undefined;
}

export function describeAbsentRole(roleArn: string, absence: string): Description {
  const { name, account } = principalOfArn(roleArn) ?? { name: "ROLE", account: "ACCOUNT" };
  return {
    summary: `There is no role ${roleArn}, so nobody may assume it.`,
    evidence: [`IAM says: ${absence}`],
    falsifiedBy: sentence`${aws("iam get-role", { "role-name": name })}, in account ${account}, shows it.`,
    fixes: [
      forYou(
        "Name a role that exists, in the profile or the kubeconfig.",
        aws("iam list-roles", { query: "Roles[].Arn" }),
      ),
      forIamAdmin(`Or create the role ${name}, with a trust policy that names the caller.`),
    ],
  };
}
