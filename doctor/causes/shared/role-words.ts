import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Description } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { profileWith } from "../../derive/identity/credential-source.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { forIamAdmin, forYou } from "../../fixes/fix.ts";

/** The role that the plugin requests from STS. */
export function askedRole({ exec, credentials }: Facts): string | undefined {
  return exec?.via[0] ?? exec?.role ?? profileWith(credentials, "role_arn")?.settings["role_arn"];
}

/** The role that a refusal is about: in our own message it precedes AWS's sentence. */
export function refusedRole(line: string, facts: Facts): string | undefined {
  return /arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(line)?.[0] ?? askedRole(facts);
}

/** Whether the keys are of a role that a tool assumed; such keys cannot be mistyped or deactivated. */
export function isOfAssumedRole(facts: Facts): boolean {
  return facts.credentials?.kind === "assume-role" && facts.token?.temporary === true;
}

/**
 * IAM's error for a role that does not exist. To callers who are not allowed to assume it, STS returns the same error whether or
 * not it exists. IAM is queried in the caller's account.
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
    summary: `Role ${roleArn} does not exist, so it cannot be assumed.`,
    evidence: [`IAM returned: ${absence}`],
    falsifiedBy: sentence`${aws("iam get-role", { "role-name": name })}, run in account ${account}, returns the role.`,
    fixes: [
      forYou(
        "Use an existing role in the profile or the kubeconfig.",
        aws("iam list-roles", { query: "Roles[].Arn" }),
      ),
      forIamAdmin(`Or create role ${name} with a trust policy that allows the caller.`),
    ],
  };
}
