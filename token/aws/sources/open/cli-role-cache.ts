import path from "node:path";
import { readTextFile } from "../../../files/private-file.ts";
import type { CredentialsWish } from "../../../mint/mint-source.ts";
import { jsonRecord, recordMember } from "../../../vouch/json-record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { cliRoleFile } from "../cache-names.ts";
import type { SourceAccess } from "../opened-source.ts";
import type { AssumeRolePlan } from "../plan-kinds.ts";
import { SESSION_NAME } from "../profile-plan.ts";
import { givenCredentials } from "./given-credentials.ts";

/** How long a role's credentials of the AWS CLI must live at least for us to use them, in milliseconds. */
const MIN_REMAINING_MS = 15 * 60_000;

/**
 * What the AWS CLI keeps of a role that demands an MFA device, so that nobody is asked for a second code. Only such a role's:
 * the device pins the user, while of any other role the name of the file does not tell whose session it is. Never those of a
 * person for an agent. Undefined where there are none, or none that last as long as is wanted.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */
export function cliRoleCredentials(
  plan: AssumeRolePlan,
  { homeDir, clock, agent }: SourceAccess,
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

/** A cache of others: what cannot be read is as good as missing. */
function textOf(file: string): string {
  try {
    return readTextFile(file) ?? "";
  } catch {
    return "";
  }
}
