import { isDeepStrictEqual } from "node:util";
import { isApprovalOf } from "../../token/aws/sources/process-approval.ts";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { AwsIdentity } from "../../token/kubeconfig/identity.ts";
import type { App } from "../app.ts";
import { ANY_REGION, contextPlan, processOf, profileOfSource } from "../aws/context-plan.ts";
import { profileNameOf, settledProfile, settleProfile } from "../aws/profile-settings.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { firstPlan } from "../login/aws-sessions.ts";
import { contextsIn, type VouchContext } from "../vouch/vouch-contexts.ts";
import { usualFolders } from "../workplace/server-record.ts";
import type { Desk } from "../workplace/workplace.ts";
import { forgetLostClusters } from "./record-clusters.ts";
import { kubeconfigsWritten } from "./setup-journal.ts";

/**
 * Forgets what only contexts needed that are gone now. Both are undefined if the files could not be read. Returns the programs
 * that may no longer be run.
 */
export async function forgetLost(
  desk: Desk,
  before: readonly VouchContext[] | undefined,
  now: readonly VouchContext[] | undefined,
): Promise<ForgottenApproval[]> {
  if (before === undefined || now === undefined) return [];
  const { app, workplace } = desk;
  const { state } = workplace.folders;
  forgetLostClusters({ state, usual: usualFolders(app)?.state, machine: app }, before, now);
  return forgetLostApprovals(desk, before, now);
}

/** A program that an AWS profile, or the caller, may no longer run. */
export interface ForgottenApproval extends Pick<ProfileName, "profile"> {
  /** Absolute path. */
  readonly program: string;
}

/**
 * Revokes the program approvals of AWS profiles that had a context of ours before and have none now, here or in any kubeconfig
 * that setup wrote. Hosts and CAs stay: a login settles them, too. Throws what prevents it.
 */
async function forgetLostApprovals(
  { app, workplace }: Desk,
  before: readonly VouchContext[],
  now: readonly VouchContext[],
): Promise<ForgottenApproval[]> {
  const lost = without(namesOf(app, before), namesOf(app, now)).flatMap((name) => {
    const record = settledProfile(app, name);
    return record?.process === undefined ? [] : [{ name, record, program: record.process.program }];
  });
  if (lost.length === 0) return [];
  const elsewhere = contextsElsewhere(workplace.folders.state);
  if (elsewhere === undefined) return [];
  const used = namesOf(app, elsewhere);
  const unused = lost.filter(({ name }) => without([name], used).length > 0);
  for (const { name, record } of unused) await settleProfile(app, name, { ...record, process: undefined });
  return unused.map(({ name: { profile }, program }) => ({ profile, program }));
}

export function forgottenLine({ profile, program }: ForgottenApproval): string {
  const who = profile === undefined ? "The caller's AWS profile" : `AWS profile ${profile}`;
  return `${who} is no longer allowed to run ${program}, since no context uses it; the next setup asks again.`;
}

/** For programs; empty if nothing was forgotten. */
export function forgottenObject(
  forgotten: readonly ForgottenApproval[],
): Pick<BodyOf<"SetupUndone">, "forgottenApprovals"> {
  if (forgotten.length === 0) return {};
  return {
    forgottenApprovals: forgotten.map(({ profile, program }) => ({
      ...(profile === undefined ? {} : { profile }),
      program,
    })),
  };
}

/** The contexts in all kubeconfigs that setup wrote; undefined if one of them cannot be read. */
function contextsElsewhere(state: string): VouchContext[] | undefined {
  const found = kubeconfigsWritten(state).map((file) => contextsIn([file]));
  return found.every((contexts) => contexts !== undefined) ? found.flat() : undefined;
}

/**
 * Sentences about the programs that restored contexts run without approval, with the commands that approve them: a forgotten
 * approval does not come back with its context.
 */
export function approvalsToGive(
  desk: Desk,
  { before = [], now = [] }: { readonly [when in "before" | "now"]: readonly VouchContext[] | undefined },
  kubeconfig: string | undefined,
): string[] {
  const { app } = desk;
  const others = namesOf(app, before);
  const told = new Map<string, string>();
  for (const { stanza } of now) {
    const { source, clusterName: cluster, region } = stanza;
    if (source.kind === "vouch" || without([profileNameOf(source, app)], others).length === 0) continue;
    const profile = profileToApprove(desk, source);
    if (profile === undefined || told.has(profile)) continue;
    const whose = source.profile === undefined ? { ambient: true as const } : { profile: source.profile };
    const { via, role } = source;
    const again = { cluster, region, ...whose, via, role, kubeconfig, "approve-process": true } as const;
    const command = ours("setup eks", again);
    told.set(
      profile,
      withCommands`AWS profile ${profile} runs a program that is no longer approved. To approve it: ${command}`,
    );
  }
  return [...told.values()];
}

/** The profile whose line is not approved; undefined if there is none, or the profile does not provide credentials. */
function profileToApprove({ app, aws }: Desk, source: AwsIdentity): string | undefined {
  const first = firstPlan(profileOfSource(source, app.env), () => contextPlan(source, ANY_REGION, aws));
  const process = first instanceof VouchError ? undefined : processOf(first.plan);
  if (process === undefined || !("profile" in process.origin)) return undefined;
  const { line, origin } = process;
  const approved = settledProfile(app, profileNameOf(source, app))?.process;
  return isApprovalOf(approved, { line, configFile: origin.file }) ? undefined : origin.profile;
}

function namesOf(app: App, contexts: readonly VouchContext[]): ProfileName[] {
  return contexts.flatMap(({ stanza: { source } }) =>
    source.kind === "vouch" ? [] : [profileNameOf(source, app)],
  );
}

function without(names: readonly ProfileName[], others: readonly ProfileName[]): ProfileName[] {
  return names.filter((name) => !others.some((other) => isDeepStrictEqual(name, other)));
}
