import { parseRoleArn } from "../../token/aws/arn.ts";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import { partitionById } from "../../token/hot/partition.ts";
import type { App } from "../app.ts";
import { askCredentials } from "./ask-aws.ts";
import { tellIgnoredVariables } from "./ignored-variables.ts";
import { type RoleOptions, resolveRole } from "./role-choice.ts";
import { openAccess } from "./vouch-access.ts";
import { credentialServer, readWorkplace } from "./workplace.ts";

/**
 * botocore asks for new credentials when fewer than 15 minutes are left; older ones would be fetched again on each
 * request. In milliseconds. Source: botocore, `RefreshableCredentials._advisory_refresh_timeout`.
 */
const MIN_REMAINING_MS = 16 * 60 * 1000;

export interface FetchedCredentials {
  readonly credentials: TemporaryCredentials;
  /** Region that somebody named, in the options, the environment or the profile. */
  readonly region: string | undefined;
}

/** Credentials of the role that the options mean, for a program of AWS. */
export async function fetchRoleCredentials(options: RoleOptions, app: App): Promise<FetchedCredentials> {
  const workplace = readWorkplace(app);
  const { role, via, account, ...choice } = resolveRole(options, app);
  const server = credentialServer(app, workplace, choice.server).base;
  const access = await openAccess(app, workplace, { server, account });
  const named = choice.region?.value;
  const region = named ?? partitionById(parseRoleArn(role).partition)?.defaultRegion ?? "us-east-1";
  tellIgnoredVariables(app, access, region);
  const credentials = await askCredentials(
    app,
    access,
    { role, via, region, server, account },
    { fresh: false, minRemainingMs: MIN_REMAINING_MS },
  );
  return { credentials, region: named };
}
