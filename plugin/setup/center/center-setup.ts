import { ACCOUNT_ACCESS } from "../../../token/aws/identity-center/oidc-calls.ts";
import type { SsoAccount } from "../../../token/aws/identity-center/portal-calls.ts";
import { isSamePlace } from "../../../token/aws/identity-center/start-url.ts";
import type { SsoPlan } from "../../../token/aws/sources/plan-kinds.ts";
import { readSharedFiles, type SharedFiles, valuesOf } from "../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { shellGlobCovers } from "../../../token/text/glob.ts";
import { shortList } from "../../../token/text/short-list.ts";
import { editAwsConfig, type SectionEdit } from "../aws-config-edit.ts";
import type { AwsFiles } from "../aws-setup.ts";
import type { FileChange } from "../setup-journal.ts";
import type { SessionEntry } from "./center-place.ts";
import {
  type CenterRole,
  DEFAULT_TEMPLATE,
  MARK,
  markFor,
  type NamedRole,
  profileNames,
  templateIn,
  usableTemplate,
} from "./profile-names.ts";

/** An account and the roles that the user has in it, or why AWS did not list them. */
export type AccountRoles = { readonly account: SsoAccount } & (
  | { readonly roles: readonly string[] }
  | { readonly error: VouchError }
);

export interface CenterWish {
  readonly session: SessionEntry;
  /** All accounts that AWS assigns to the user. */
  readonly accounts: readonly AccountRoles[];
  /** Of `--profile`; undefined: that of the profiles there are, else the default. */
  readonly template: string | undefined;
  /** Pattern of the names of the profiles to set up; undefined: all. */
  readonly match: string | undefined;
  /** Region of the profiles; undefined: that of a profile stays. */
  readonly region: string | undefined;
}

/** What becomes of a profile. */
export interface CenterProfile {
  readonly name: string;
  /** `existing`: a profile that is not ours has the same role. */
  readonly status: "added" | "renamed" | "updated" | "unchanged" | "existing" | "removed";
  readonly accountId: string;
  /** Undefined for an account in which the user has no role anymore. */
  readonly accountName: string | undefined;
  readonly role: string;
  /** Region of the profile, if it has one. */
  readonly region?: string | undefined;
  readonly renamedFrom?: string | undefined;
  /** The name that was wanted, if a different profile has it. */
  readonly insteadOf?: string | undefined;
}

export interface CenterSetup {
  readonly profiles: readonly CenterProfile[];
  /** Empty if the file already has it all. */
  readonly changes: readonly FileChange[];
}

/** A profile that has the mark and the session. */
interface OurProfile {
  readonly name: string;
  readonly template: string;
  readonly accountId: string;
  readonly role: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Puts a profile for each role into the AWS config, and removes those of ours whose role is no longer assigned; roles of an account
 * that AWS did not list count as assigned. Profiles and sessions of others stay as they are. Throws `usage` for a template that
 * cannot be filled in, `aws-config-invalid` for files that cannot be read, `file-changed` if the session has changed since it was
 * chosen.
 */
export function setUpCenter(files: AwsFiles, wish: CenterWish): CenterSetup {
  const shared = readSharedFiles(files.config, files.credentials);
  const { session, match } = wish;
  const isNew = isNewSession(shared, session);
  const ours = ourProfiles(shared, session);
  const roles = assignedRoles(wish.accounts, ours);
  const others = sameElsewhere(shared, session, ours);

  const hasOurs = (role: CenterRole) => ours.some((own) => isFor(own, role));
  const isExisting = (role: CenterRole) => others.has(pairOf(role)) && !hasOurs(role);
  const template = wish.template === undefined ? undefined : usableTemplate(wish.template);
  const templateOf = (role: CenterRole) =>
    template ?? (ours.find((own) => isFor(own, role)) ?? ours[0])?.template ?? DEFAULT_TEMPLATE;
  const isMeant = (name: string) => match === undefined || shellGlobCovers(match, name);
  const named = profileNames(
    roles.filter((role) => !isExisting(role)),
    {
      ...{ templateOf, session: session.name },
      isTaken: (name) => shared.profiles.has(name) && !ours.some((own) => own.name === name),
    },
  );
  const chosen = named.filter(({ name }) => isMeant(name));
  const lost = ours.filter(
    (own) =>
      isMeant(own.name) &&
      !chosen.some(({ name }) => name === own.name) &&
      (chosen.some((role) => isFor(own, role)) || !roles.some((role) => isFor(own, role))),
  );
  const planned = chosen.map((role) =>
    plannedProfile(role, { ours, lost, wish, mark: markFor(templateOf(role)) }),
  );
  const renamed = new Set(planned.map(({ outcome }) => outcome.renamedFrom));
  const existing = roles.filter(isExisting).flatMap((role): CenterProfile[] => {
    const name = others.get(pairOf(role)) ?? "";
    const region = shared.profiles.get(name)?.settings.get("region")?.value;
    return isMeant(name) ? [{ name, status: "existing", ...placeOf(role), region }] : [];
  });
  if (match !== undefined && planned.length + existing.length + lost.length === 0)
    throw noMatch(match, named);
  const removed = lost.filter(({ name }) => !renamed.has(name)).map(removedProfile);
  const edits = [
    ...(isNew && planned.length > 0 ? [sessionEdit(session)] : []),
    ...lost.map(({ name }): SectionEdit => ({ section: "profile", name, content: undefined })),
    ...planned.flatMap(({ edit }) => edit ?? []),
  ];
  return {
    profiles: [...planned.map(({ outcome }) => outcome), ...existing, ...removed],
    changes: changesOf(files, edits),
  };
}

function noMatch(match: string, named: readonly NamedRole[]): VouchError {
  return new VouchError("profile-missing", `No profile name matches ${match}.`, {
    hint: `The names are ${shortList(named.map(({ name }) => name))}.`,
  });
}

/** Whether the file does not have the session yet. */
function isNewSession({ ssoSessions, configPath }: SharedFiles, session: SessionEntry): boolean {
  const found = ssoSessions.get(session.name);
  if (found === undefined || isSamePlace(valuesOf(found), session)) return found === undefined;
  throw new VouchError(
    "file-changed",
    `A different program changed [sso-session ${session.name}] in ${configPath} in the meantime.`,
  );
}

function ourProfiles({ profiles }: SharedFiles, session: SessionEntry): OurProfile[] {
  return [...profiles.values()].flatMap(({ name, config }) => {
    const settings = valuesOf({ settings: config });
    const { sso_account_id: accountId, sso_role_name: role, sso_session } = settings;
    const template = templateIn(settings[MARK]);
    if (template === undefined || sso_session !== session.name) return [];
    return accountId === undefined || role === undefined
      ? []
      : [{ name, template, accountId, role, settings }];
  });
}

function assignedRoles(accounts: readonly AccountRoles[], ours: readonly OurProfile[]): CenterRole[] {
  return accounts.flatMap(({ account, ...listed }) => {
    const roles =
      "roles" in listed
        ? listed.roles
        : ours.filter(({ accountId }) => accountId === account.id).map(({ role }) => role);
    return [...new Set(roles)].map((role) => ({ account, role }));
  });
}

/** The first profile of others for each role, by account and role. */
function sameElsewhere(
  files: SharedFiles,
  session: SessionEntry,
  ours: readonly OurProfile[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of files.profiles.keys()) {
    if (ours.some((own) => own.name === name)) continue;
    const plan = centerPlan(name, files);
    const isSame =
      plan !== undefined && isSamePlace({ sso_start_url: plan.startUrl, sso_region: plan.region }, session);
    const pair = isSame ? pairOf({ account: { id: plan.account }, role: plan.role }) : undefined;
    if (pair !== undefined && !found.has(pair)) found.set(pair, name);
  }
  return found;
}

/** Undefined for a profile that gets its credentials elsewhere, or nowhere. */
function centerPlan(profile: string, files: SharedFiles): SsoPlan | undefined {
  try {
    const plan = planOf({ profile, region: "us-east-1" }, files, {});
    return plan.kind === "sso" ? plan : undefined;
  } catch (error) {
    if (error instanceof VouchError) return undefined;
    throw error;
  }
}

function pairOf({
  account,
  role,
}: {
  readonly account: Pick<SsoAccount, "id">;
  readonly role: string;
}): string {
  return `${account.id} ${role}`;
}

function isFor(own: OurProfile, { account, role }: CenterRole): boolean {
  return own.accountId === account.id && own.role === role;
}

function placeOf({ account, role }: CenterRole) {
  return { accountId: account.id, accountName: account.name, role };
}

interface PlannedProfile {
  readonly outcome: CenterProfile;
  /** Undefined if it is already as it should be. */
  readonly edit: SectionEdit | undefined;
}

function plannedProfile(
  named: NamedRole,
  {
    ours,
    lost,
    wish,
    mark,
  }: {
    readonly ours: readonly OurProfile[];
    readonly lost: readonly OurProfile[];
    readonly wish: CenterWish;
    readonly mark: string;
  },
): PlannedProfile {
  const { name, insteadOf, account, role } = named;
  const before = ours.find((own) => own.name === name);
  const renamed = lost.find((own) => isFor(own, named));
  const earlier = before ?? ours.find((own) => isFor(own, named));
  const region = wish.region ?? earlier?.settings["region"];
  const content: Readonly<Record<string, string>> = {
    sso_session: wish.session.name,
    sso_account_id: account.id,
    sso_role_name: role,
    ...(region === undefined ? {} : { region }),
    [MARK]: mark,
  };
  const isSame = Object.entries(content).every(([key, value]) => before?.settings[key] === value);
  const isNew = renamed === undefined ? "added" : "renamed";
  const status = before === undefined ? isNew : isSame ? "unchanged" : "updated";
  return {
    outcome: { name, status, ...placeOf(named), region, renamedFrom: renamed?.name, insteadOf },
    edit: isSame ? undefined : { section: "profile", name, content },
  };
}

function removedProfile({ name, accountId, role }: OurProfile): CenterProfile {
  return { name, status: "removed", accountId, accountName: undefined, role };
}

function sessionEdit({ name, startUrl, region }: SessionEntry): SectionEdit {
  return {
    section: "sso-session",
    name,
    content: { sso_start_url: startUrl, sso_region: region, sso_registration_scopes: ACCOUNT_ACCESS },
  };
}

function changesOf({ config: { path, text } }: AwsFiles, edits: readonly SectionEdit[]): FileChange[] {
  if (edits.length === 0) return [];
  const after = editAwsConfig(text ?? "", path, edits);
  const entries = edits.map(({ section, name }) => ({ section, name }));
  return [{ kind: "aws-config", path, before: text, after, entries }];
}
