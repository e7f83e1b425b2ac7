import { debug } from "../../../debug.ts";
import { VouchError } from "../../../errors/errors.ts";
import { partitionOfRegion } from "../../../hot/partition.ts";
import type { CredentialsWish } from "../../../mint/mint-source.ts";
import { agentPolicies, narrowing } from "../../agent-policies.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { sts } from "../../sts.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import type { AssumeRolePlan } from "../plan-kinds.ts";
import { cliRoleCredentials } from "./cli-role-cache.ts";
import { isWrongCode, requireMfaCode, wrongCode } from "./mfa.ts";
import { requireRole, roleRefused } from "./role-refused.ts";

/** Credentials that only sign the next call need not live longer than this, in milliseconds. */
const CALL_MS = 60_000;

/** The credentials that assume a role, and whether it is the last role. */
interface Hop {
  readonly source: OpenPlan;
  readonly isLast: boolean;
}

/**
 * A role, by AssumeRole. Each role of a chain is cached separately, so that one with an MFA device asks for a code only once.
 * Throws `role-arn-invalid` and `partition-mismatch` immediately.
 *
 * The region only selects the STS host, so clusters in different regions share cached credentials.
 */
export async function openAssumedRole(
  plan: AssumeRolePlan,
  access: PlanAccess,
  { source, isLast }: Hop,
): Promise<OpenPlan> {
  const { roleArn, sessionName, externalId, durationSeconds, mfaSerial, region } = plan;
  requireRole(plan);
  const digest = digestOf(
    ...["assume-role", roleArn, sessionName, externalId, durationSeconds, mfaSerial],
    ...[partitionOfRegion(region).id, narrowing(access, isLast), source.digest],
  );
  return {
    digest,
    witnesses: source.witnesses,
    end: source.end,
    credentials: (wish) =>
      access.kept(
        { key: digest, words: roleArn },
        mfaSerial === undefined ? wish : { ...wish, fresh: false },
        () => assumedRole(plan, access, { source, isLast, wish }),
      ),
  };
}

async function assumedRole(
  plan: AssumeRolePlan,
  access: PlanAccess,
  { source, isLast, wish }: Hop & { readonly wish: CredentialsWish },
): Promise<TemporaryCredentials> {
  const { roleArn, sessionName, externalId, durationSeconds, region } = plan;
  const others = cliRoleCredentials(plan, access, wish);
  if (others !== undefined) return others;
  const { agent } = access;
  if (agent !== undefined)
    debug(
      `AI agent ${agent}: its session of ${roleArn} can only ${isLast ? "read" : "assume the next role"}`,
    );
  const by = await source.credentials({ fresh: wish.fresh, minRemainingMs: CALL_MS });
  const mfa = await requireMfaCode(plan, access, wish);
  try {
    return await sts(region, access).assumeRole({
      ...{ roleArn, sessionName, by, externalId, durationSeconds, mfa },
      ...agentPolicies({ agent, region }, isLast),
    });
  } catch (error) {
    if (mfa !== undefined && error instanceof VouchError && isWrongCode(error))
      throw wrongCode(plan, access, error);
    throw roleRefused(error, roleArn);
  }
}
