import { run } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { VouchError } from "../../../errors/errors.ts";
import { parseRoleArn, requireSamePartition } from "../../arn.ts";
import { hintAtOrigin, placeOfOrigin } from "../plan-errors.ts";
import type { AssumeRolePlan, WebIdentityPlan } from "../plan-kinds.ts";

/** Throws `role-arn-invalid` or `partition-mismatch`, and says where the role is written. */
export function requireRole({ roleArn, region, origin }: AssumeRolePlan | WebIdentityPlan): void {
  try {
    requireSamePartition(parseRoleArn(roleArn), region);
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    const message = `${placeOfOrigin(origin)}: ${error.message}`;
    throw new VouchError(error.code, message, { cause: error, hint: hintAtOrigin(origin) });
  }
}

/** STS's refusal of a role, with the command that shows whom the role trusts; any other failure unchanged. */
export function roleRefused(error: unknown, roleArn: string): unknown {
  if (!(error instanceof VouchError)) return error;
  if (error.code !== "role-denied" && error.code !== "role-not-trusted") return error;
  const options = { "role-name": parseRoleArn(roleArn).name, query: "Role.AssumeRolePolicyDocument" };
  return new VouchError(error.code, error.message, {
    cause: error,
    hint: withCommands`Ask an IAM administrator to allow you to assume the role; to see its trust policy: ${run("aws", "iam get-role", options)}`,
  });
}
