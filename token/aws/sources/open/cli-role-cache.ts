import path from "node:path";
import { readTextFile } from "../../../files/plain-file.ts";
import type { CredentialsWish } from "../../../mint/mint-source.ts";
import { jsonRecord, recordMember } from "../../../record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { cliRoleFile } from "../cache-names.ts";
import type { PlanAccess } from "../opened-source.ts";
import type { AssumeRolePlan } from "../plan-kinds.ts";
import { SESSION_NAME } from "../profile-plan.ts";
import { givenCredentials } from "./given-credentials.ts";

/** We use a role's credentials from the AWS CLI only if they are valid for at least this long, in milliseconds. */
const MIN_REMAINING_MS = 15 * 60_000;

/**
 * The credentials that the AWS CLI has cached for a role that requires an MFA device, so that no one is asked for a second code.
 * Only for such a role: its device determines the user, whereas for other roles the file name does not tell whose session it is.
 * An AI agent never gets a user's. Undefined if there are none, or none that last as long as is wanted.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */
export function cliRoleCredentials(
  plan: AssumeRolePlan,
  { homeDir, clock, agent }: PlanAccess,
  { minRemainingMs }: CredentialsWish,
): TemporaryCredentials | undefined {
  if (plan.mfaSerial === undefined || agent !== undefined) return undefined;
  const sessionName = plan.sessionName === SESSION_NAME ? undefined : plan.sessionName;
  const file = path.join(homeDir, ".aws", "cli", "cache", cliRoleFile({ ...plan, sessionName }));
  const found = givenCredentials(recordMember(jsonRecord(textOf(file)), "Credentials"), "SessionToken");
  if ("fault" in found || found.sessionToken === undefined || found.expires === undefined) return undefined;
  const { sessionToken, expires } = found;
  return expires - clock() >= Math.max(MIN_REMAINING_MS, minRemainingMs)
    ? { ...found, sessionToken, expires }
    : undefined;
}

/** This cache belongs to another program: a file that cannot be read counts as missing. */
function textOf(file: string): string {
  try {
    return readTextFile(file) ?? "";
  } catch {
    return "";
  }
}
