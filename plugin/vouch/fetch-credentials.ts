import { parseRoleArn } from "../../token/aws/arn.ts";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import { partitionById } from "../../token/hot/partition.ts";
import { type RoleFlags, resolveRole } from "./role-choice.ts";
import { openVouchRole } from "./vouch-role.ts";
import type { Desk } from "./workplace.ts";

/**
 * botocore asks for new credentials when fewer than 15 minutes are left; older ones would be fetched again on each
 * request. In milliseconds. Source: botocore, `RefreshableCredentials._advisory_refresh_timeout`.
 */
export const MIN_REMAINING_MS = 16 * 60 * 1000;

export interface FetchedCredentials {
  readonly credentials: TemporaryCredentials;
  /** Region that was specified, in the options, the environment or the profile. */
  readonly region: string | undefined;
}

/** Credentials of the role that the options select, for AWS's programs. */
export async function fetchRoleCredentials(options: RoleFlags, desk: Desk): Promise<FetchedCredentials> {
  const { role, via, account, server, region: given } = resolveRole(options, desk);
  const named = given?.value;
  const region = named ?? partitionById(parseRoleArn(role).partition)?.defaultRegion ?? "us-east-1";
  const asked = { role, via, account, server, region, isLast: true };
  const opened = openVouchRole(desk, asked, { keep: true });
  const credentials = await opened.credentials({ fresh: false, minRemainingMs: MIN_REMAINING_MS });
  return { credentials, region: named };
}
