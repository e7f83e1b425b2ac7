import { namespaceWords } from "../../derive/authorization/authorization.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import type { AccessEntryJson } from "../../evidence/evidence.ts";
import { associatePolicy, createEntry } from "../access-entry-actions.ts";
import type { AccessScope, AssociateAccessPolicy, CreateAccessEntry } from "../fix.ts";
import {
  type Change,
  Contradiction,
  casesOf,
  type DeleteEntry,
  distinct,
  type Of,
  ofKind,
  type SetGroups,
} from "./change.ts";
import type { ClusterState } from "./cluster-state.ts";

type EntryChange = CreateAccessEntry | DeleteEntry | AssociateAccessPolicy | SetGroups;

/**
 * The changes of access entries: of each principal at most one deletion, one creation or one list of groups, and one scope per
 * policy, which hold what every case needs and what there is. Throws `Contradiction`.
 */
export function mergeEntries(changes: readonly Of<Change>[], state: ClusterState): Of<EntryChange>[] {
  const entries = changes.filter((one): one is Of<EntryChange> =>
    ENTRY_KINDS.some((kind) => kind === one.value.kind),
  );
  const principals = Map.groupBy(entries, ({ value, cases }) =>
    // A placeholder may stand for another user in each case.
    value.principalArn.startsWith("arn:") ? value.principalArn : `${value.principalArn} ${cases.join()}`,
  );
  return [...principals.values()].flatMap((own) => mergePrincipal(own, state));
}

const ENTRY_KINDS = ["create-access-entry", "delete-access-entry", "associate-access-policy", "set-groups"];

function mergePrincipal(own: readonly Of<EntryChange>[], state: ClusterState): Of<EntryChange>[] {
  const arn = own[0]?.value.principalArn ?? "";
  const present = state.entry(arn);
  const deletes = present === null ? [] : ofKind(own, "delete-access-entry");
  const creates = ofKind(own, "create-access-entry");
  const groups = ofKind(own, "set-groups");
  const policies = ofKind(own, "associate-access-policy");
  refuseLostEntry(deletes, own);
  refuseChangedEntry(deletes, present ?? undefined);
  if (present === null && creates.length === 0 && groups.length + policies.length > 0)
    throw new Contradiction(casesOf(own), `the access entry for ${arn} no longer exists`);
  const created = mergedEntry(creates, groups);
  const before = deletes.length > 0 ? null : present;
  const entry: Of<EntryChange>[] =
    created === undefined
      ? mergedGroups(groups, before ?? undefined)
      : before === null || before === undefined
        ? [created]
        : withGroups(created, before);
  return [
    ...distinct(deletes, ({ principalArn }) => principalArn),
    ...entry,
    ...mergedPolicies(
      [...policies, ...policiesToKeep(deletes, created, state)],
      before === null ? undefined : state,
    ),
  ];
}

/** What was changed since a case was saved would be lost with the entry, and one that was recreated since is no longer at fault. */
function refuseChangedEntry(deletes: readonly Of<DeleteEntry>[], present: AccessEntryJson | undefined): void {
  const changed = deletes.filter(
    ({ value: { recorded } }) => recorded && present && hasChanged(recorded, present),
  );
  const [first] = changed;
  if (first !== undefined)
    throw new Contradiction(
      casesOf(changed),
      `the access entry for ${first.value.principalArn} has changed since this case was saved`,
    );
}

function hasChanged(one: AccessEntryJson, other: AccessEntryJson): boolean {
  const said = ({ kubernetesGroups, username, type, createdAt }: AccessEntryJson) => [
    kubernetesGroups && JSON.stringify(kubernetesGroups.toSorted()),
    username,
    type,
    // Programs of AWS print different fractions of a second.
    createdAt && Math.floor((awsDate(createdAt) ?? 0) / 1000),
  ];
  const now = said(other);
  return said(one).some((value, index) => {
    const present = now[index];
    return value !== undefined && present !== undefined && value !== present;
  });
}

/** The present policies of an entry that is recreated. */
function policiesToKeep(
  deletes: readonly Of<DeleteEntry>[],
  created: Of<CreateAccessEntry> | undefined,
  state: ClusterState,
): Of<AssociateAccessPolicy>[] {
  if (deletes.length === 0 || created === undefined) return [];
  const { target, principalArn } = created.value;
  const present = state.policies(principalArn) ?? [];
  return present.map((policy) => ({
    value: associatePolicy(target, principalArn, policy),
    cases: casesOf(deletes),
  }));
}

/** A case that only deletes an entry takes away what another case needs of it. */
function refuseLostEntry(deletes: readonly Of<DeleteEntry>[], own: readonly Of<EntryChange>[]): void {
  const isOnlyDeleted = (index: number) =>
    own.every(({ value, cases }) => !cases.includes(index) || value.kind === "delete-access-entry");
  const losers = casesOf(deletes).filter(isOnlyDeleted);
  const others = casesOf(own.filter(({ value }) => value.kind !== "delete-access-entry"));
  const [first] = deletes;
  if (first === undefined || losers.length === 0 || others.length === 0) return;
  throw new Contradiction(
    [...losers, ...others],
    `one case deletes the access entry for ${first.value.principalArn}, but the other needs it`,
  );
}

/** The new entry with the groups of all. */
function mergedEntry(
  creates: readonly Of<CreateAccessEntry>[],
  groups: readonly Of<SetGroups>[],
): Of<CreateAccessEntry> | undefined {
  const [first] = creates;
  if (first === undefined) return undefined;
  const { target, principalArn } = first.value;
  const username = onlyValue(
    creates.map(({ value: { username }, cases }) => ({ value: username, cases })),
    (values) =>
      `the access entry for ${principalArn} can have only one username, not ${values.join(" and ")}`,
  );
  const type = onlyValue(
    creates.map(({ value: { type = "STANDARD" }, cases }) => ({ value: type, cases })),
    (values) => `the access entry for ${principalArn} can have only one type, not ${values.join(" and ")}`,
  );
  const all = [...creates, ...groups];
  const kubernetesGroups = [...new Set(all.flatMap(({ value }) => value.groups))].filter(isKnown);
  const isNamed = creates.some(({ value }) => value.type !== undefined);
  const settings = { kubernetesGroups, username, type: isNamed ? type : undefined };
  return { value: createEntry(target, principalArn, settings), cases: casesOf(all) };
}

/** A new entry has no groups of before. */
function isKnown(group: string): boolean {
  return group !== "EXISTING_GROUPS";
}

/** The value that those have that have one. Throws `Contradiction` if there are several. */
function onlyValue(
  all: readonly Of<string | undefined>[],
  why: (values: readonly string[]) => string,
): string | undefined {
  const values = [...new Set(all.flatMap(({ value }) => value ?? []))];
  if (values.length > 1) throw new Contradiction(casesOf(all), why(values));
  return values[0];
}

/** The entry is there already: what remains is to add the groups. */
function withGroups(
  { value: { target, principalArn, groups, username }, cases }: Of<CreateAccessEntry>,
  {
    kubernetesGroups: had = ["EXISTING_GROUPS"],
    username: is,
  }: { kubernetesGroups?: readonly string[]; username?: string },
): Of<SetGroups>[] {
  const all = [...new Set([...had, ...groups])];
  if (all.length === had.length) return [];
  const name = username ?? is ?? "EXISTING_USERNAME";
  return [{ value: { kind: "set-groups", target, principalArn, groups: all, username: name }, cases }];
}

/** All groups that a case needs; none if the entry has them by now. */
function mergedGroups(
  groups: readonly Of<SetGroups>[],
  present: AccessEntryJson | undefined,
): Of<SetGroups>[] {
  const [first] = groups;
  if (first === undefined) return [];
  const { principalArn } = first.value;
  const known = groups.filter(({ value: { username } }) => username !== "EXISTING_USERNAME");
  // Every case keeps the username that it saw.
  const username =
    present?.username ??
    onlyValue(
      known.map(({ value, cases }) => ({ value: value.username, cases })),
      (names) =>
        `the access entry for ${principalArn} can have only one username, not ${names.join(" and ")}`,
    ) ??
    "EXISTING_USERNAME";
  const all = [...new Set(groups.flatMap(({ value }) => value.groups))];
  // What one case knows about the entry need not stay open because another does not.
  const had = present?.kubernetesGroups;
  if (had !== undefined && all.filter(isKnown).every((group) => had.includes(group))) return [];
  const isListed = had !== undefined || groups.some(({ value }) => !value.groups.includes("EXISTING_GROUPS"));
  return [
    {
      value: {
        ...first.value,
        groups: isListed ? [...new Set([...(had ?? []), ...all.filter(isKnown)])] : all,
        username,
      },
      cases: casesOf(groups),
    },
  ];
}

/** One scope per policy: that of all cases and, unless the entry is new, the present one, since a scope replaces the one before. */
function mergedPolicies(
  policies: readonly Of<AssociateAccessPolicy>[],
  state: ClusterState | undefined,
): Of<AssociateAccessPolicy>[] {
  const byPolicy = Map.groupBy(policies, ({ value }) => value.policyArn);
  return [...byPolicy].flatMap(([policyArn, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const present = scopeNow(state, first.value.principalArn, policyArn);
    const scopes = same.map(({ value }) => value.scope);
    const scope = unitedScope([...(present ? [present] : []), ...scopes], present !== undefined);
    const isThere = present !== undefined && present !== null && formatScope(present) === formatScope(scope);
    return isThere ? [] : [{ value: { ...first.value, scope }, cases: casesOf(same) }];
  });
}

/** The scope of a principal's policy; null if it has none, undefined if that is not known. */
export function scopeNow(
  state: Pick<ClusterState, "policies"> | undefined,
  principalArn: string,
  policyArn: string,
): AccessScope | null | undefined {
  const listed = state?.policies(principalArn);
  if (listed === undefined) return undefined;
  return listed.find((one) => one.policyArn === policyArn)?.accessScope ?? null;
}

function unitedScope(scopes: readonly AccessScope[], isPresentKnown: boolean): AccessScope {
  const wide = scopes.find(({ type }) => type !== "namespace");
  if (wide !== undefined) return { type: wide.type };
  const all = [...new Set(scopes.flatMap(({ namespaces = [] }) => namespaces))];
  return {
    type: "namespace",
    namespaces: isPresentKnown ? all.filter((name) => name !== "EXISTING_NAMESPACES") : all,
  };
}

/** `namespaces payments, web` */
export function formatScope(scope: AccessScope | null): string {
  if (scope === null) return "not associated";
  if (scope.type !== "namespace") return scope.type === "cluster" ? "the whole cluster" : scope.type;
  const { namespaces = [] } = scope;
  return namespaces.length === 0 ? "no namespaces" : namespaceWords([...namespaces].sort());
}
