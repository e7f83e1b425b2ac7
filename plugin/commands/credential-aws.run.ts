import { parseRoleArn } from "../../token/aws/arn.ts";
import { partitionById } from "../../token/hot/partition.ts";
import type { App } from "../app.ts";
import { timestamp } from "../terminal/output.ts";
import { askCredentials } from "../vouch/ask-aws.ts";
import { tellIgnoredVariables } from "../vouch/ignored-variables.ts";
import { type RoleOptions, resolveRole } from "../vouch/role-choice.ts";
import { openAccess } from "../vouch/vouch-access.ts";
import { credentialServer, readWorkplace } from "../vouch/workplace.ts";

/**
 * botocore asks for new credentials when fewer than 15 minutes are left; older ones would be fetched again on each
 * request. In milliseconds. Source: botocore, `RefreshableCredentials._advisory_refresh_timeout`.
 */
const MIN_REMAINING_MS = 16 * 60 * 1000;

/** Prints the JSON of `credential_process`: exactly the five keys that AWS documents. */
export async function runCredentialAws(options: RoleOptions, app: App): Promise<void> {
  const workplace = readWorkplace(app);
  const { role, via, account, ...choice } = resolveRole(options, app);
  const server = credentialServer(app, workplace, choice.server).base;
  const access = await openAccess(app, workplace, { server, account });
  const region =
    choice.region?.value ?? partitionById(parseRoleArn(role).partition)?.defaultRegion ?? "us-east-1";
  tellIgnoredVariables(app, access, region);

  const request = { role, via, region, server, account };
  const credentials = await askCredentials(app, access, request, {
    fresh: false,
    minRemainingMs: MIN_REMAINING_MS,
  });
  const body = {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: timestamp(credentials.expires),
  };
  app.io.out(`${JSON.stringify(body)}\n`);
}
