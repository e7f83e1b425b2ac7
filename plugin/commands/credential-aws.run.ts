import { parseRoleArn } from "../../token/aws/arn.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { partitionById } from "../../token/hot/partition.ts";
import { roleCredentials } from "../../token/mint/role-credentials.ts";
import type { App } from "../app.ts";
import { timestamp } from "../terminal/output.ts";
import { tellIgnoredVariables } from "../vouch/ignored-variables.ts";
import { type RoleOptions, resolveRole } from "../vouch/role-choice.ts";
import { exchangeParties, openSession, requireSession } from "../vouch/vouch-access.ts";
import { credentialServer, readWorkplace } from "../vouch/workplace.ts";

export interface CredentialAwsOptions extends RoleOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/**
 * botocore asks for new credentials when fewer than 15 minutes are left; older ones would be fetched again on each
 * request. In milliseconds. Source: botocore, `RefreshableCredentials._advisory_refresh_timeout`.
 */
const MIN_REMAINING_MS = 16 * 60 * 1000;

/** Prints the JSON of `credential_process`: exactly the five keys that AWS documents. */
export async function runCredentialAws(options: CredentialAwsOptions, app: App): Promise<void> {
  const workplace = readWorkplace(app);
  const { role, via, region, server: profileServer, account } = resolveRole(options, app);
  const server = credentialServer(app, workplace, options.server ?? profileServer);
  const entry = requireSession(app, workplace, { server: server.base, account: options.account ?? account });
  const access = await openSession(app, workplace, { server, entry });
  const stsRegion =
    region?.value ?? partitionById(parseRoleArn(role).partition)?.defaultRegion ?? "us-east-1";
  tellIgnoredVariables(app, access, stsRegion);

  const credentials = await roleCredentials(
    access.place,
    {
      server: server.base,
      session: entry,
      role,
      via,
      region: stsRegion,
      agent: detectAiAgent((name) => app.env[name]),
    },
    {
      parties: exchangeParties(app, access, stsRegion),
      fresh: false,
      minRemainingMs: MIN_REMAINING_MS,
      now: app.clock,
      signal: app.signal,
    },
  );
  const body = {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: timestamp(credentials.expires),
  };
  app.io.out(`${JSON.stringify(body)}\n`);
}
