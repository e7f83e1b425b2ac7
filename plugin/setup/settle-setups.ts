import { isDeepStrictEqual } from "node:util";
import { isApprovalOf } from "../../token/aws/sources/process-approval.ts";
import { NOTHING_SETTLED, type ProfileName } from "../../token/aws/sources/profile-record.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { describeIdentity } from "../../token/kubeconfig/identity.ts";
import type { App } from "../app.ts";
import { profileNameOf, settledNow, settledProfile, settleProfile } from "../aws/profile-settings.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { FoundSetup } from "./eks-entries.ts";
import type { ShellAws } from "./foreign-user.ts";
import type { Migration } from "./migrate-users.ts";
import type { SettledProfile } from "./setup-identity.ts";
import { toldOf } from "./setup-report.ts";

/** Records what applies from now on to the sessions and profiles that were set up: hosts, CAs and programs. */
export async function settleSetups(app: App, setups: readonly FoundSetup[]): Promise<void> {
  for (const { identity } of setups) await identity.settleSession?.();
  for (const settled of settledIn(setups)) await settle(app, settled);
}

/**
 * Records what applies to the profiles of entries that were switched to us: what is named now, and the program agreed to before.
 * What cannot be settled is only a warning, since the kubeconfig is already written.
 */
export async function settleMigrated(
  desk: Desk,
  migrations: readonly Migration[],
  setups: readonly FoundSetup[],
): Promise<void> {
  const { app } = desk;
  for (const { source } of migrations) {
    if (source === undefined || source.kind === "vouch") continue;
    const name = profileNameOf(source, app);
    if (isAmong(setups, name)) continue;
    try {
      await settle(app, { name, record: settledNow(desk, source) });
    } catch (error) {
      if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
      app.io.err(`warning: ${toldOf(describeIdentity(source), error.message)}\n`);
    }
  }
}

/** Whether a person agreed to what a profile runs, now or before. */
export function approvedIn(app: App, setups: readonly FoundSetup[]): ShellAws["isApproved"] {
  return (name, process) => {
    const now = settledIn(setups).find((settled) => isDeepStrictEqual(settled.name, name));
    return isApprovalOf((now?.record ?? settledProfile(app, name))?.process, process);
  };
}

function isAmong(setups: readonly FoundSetup[], name: ProfileName): boolean {
  return settledIn(setups).some((settled) => isDeepStrictEqual(settled.name, name));
}

function settledIn(setups: readonly FoundSetup[]): SettledProfile[] {
  return setups.flatMap(({ identity: { settled } }) => (settled === undefined ? [] : [settled]));
}

/** If nothing is settled and nothing was, no record is written, so there need be no place for one. */
async function settle(app: App, { name, record }: SettledProfile): Promise<void> {
  const before = settledProfile(app, name) ?? NOTHING_SETTLED;
  if (!isDeepStrictEqual(before, record)) await settleProfile(app, name, record);
}
