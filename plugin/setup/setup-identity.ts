import { parseRoleArn } from "../../token/aws/arn.ts";
import type { Run } from "../../token/command/command.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import type { App } from "../app.ts";
import { type ChosenIdentity, chooseProfile } from "../aws/choose-identity.ts";
import { type EksApi, eksApi } from "../cluster/eks-clusters.ts";
import type { ChosenRole } from "../vouch/role-choice.ts";
import { openSessionForSetup, requireSession } from "../vouch/vouch-access.ts";
import { askCredentials } from "../vouch/vouch-credentials.ts";
import { chosenServer, type Desk } from "../workplace/workplace.ts";
import { awsIdentity } from "./aws-identity.ts";
import { type IdentityOptions, MIN_REMAINING_MS, type SetupIdentity } from "./identity.ts";

/**
 * Opens the credential source of a choice, and that of `--describe-profile` if another profile asks for the clusters. `again` is
 * this command, with which a person can agree to a program. Throws what prevents it.
 */
export async function setupIdentity(
  desk: Desk,
  chosen: ChosenIdentity,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const identityOf = (choice: ChosenIdentity) =>
    choice.kind === "vouch"
      ? vouchIdentity(desk, choice.choice, options)
      : awsIdentity(desk, choice, { options, again });
  const identity = await identityOf(chosen);
  if (options.describeProfile === undefined) return identity;
  const { endpoints, credentials, account, renewal } = await identityOf(
    chooseProfile(desk, options.describeProfile, "--describe-profile"),
  );
  return { ...identity, endpoints, credentials, account, renewal };
}

async function vouchIdentity(
  desk: Desk,
  { role, via, ...choice }: ChosenRole,
  { dryRun, account }: IdentityOptions,
): Promise<SetupIdentity> {
  for (const arn of [...via, role]) parseRoleArn(arn);
  const { app, workplace } = desk;
  const url = chosenServer(desk, choice.server);
  const asked = { role, via, server: url.base, account: choice.account };
  const entry = requireSession(desk, asked);
  const isUnnamed = entry.identity === unnamedAccount(workplace.current, url.base);
  const { access, settle } = await openSessionForSetup(desk, { server: url, entry });
  const options = { fresh: false, keep: !dryRun, minRemainingMs: MIN_REMAINING_MS };
  const { account: accountId, partition } = parseRoleArn(role);
  return {
    source: { ...asked, kind: "vouch", account: account ?? (isUnnamed ? undefined : entry.identity) },
    profile: choice.profile,
    partition,
    region: choice.region?.value,
    access,
    settled: undefined,
    settleSession: settle,
    agentWarning: undefined,
    warnings: [],
    endpoints: access.endpoints,
    credentials: (region) => askCredentials(app, access, { ...asked, region }, options),
    account: async () => ({ accountId, partition }),
    renewal: undefined,
  };
}

/** EKS, called with the credentials of the identity. */
export async function eksOf(
  { env }: App,
  { endpoints, credentials, renewal }: SetupIdentity,
  region: string,
): Promise<EksApi> {
  return eksApi({ region, env, endpoints, credentials: await credentials(region) }, renewal);
}
