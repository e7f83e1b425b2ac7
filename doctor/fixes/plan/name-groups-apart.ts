import type { AwsAuthEdit } from "../../eks/aws-auth/aws-auth-edit.ts";
import { freeName } from "../rbac-actions.ts";
import type { Change } from "./change.ts";

/**
 * The changes of each case, with another name for a new group that an earlier case gives to another user: under one name, each would
 * get what the other needs.
 */
export function nameGroupsApart(cases: readonly (readonly Change[])[]): readonly (readonly Change[])[] {
  const names = new Set(
    cases.flatMap((changes) => changes.flatMap((change) => [...groupsPut(change), ...groupsBound(change)])),
  );
  const used = new Map<string, string>();
  return cases.map((changes) =>
    ownGroups(changes).reduce((renamed, group) => {
      const use = useOf(changes, group);
      if ((used.get(group) ?? use) === use) {
        used.set(group, use);
        return renamed;
      }
      const same = [...used].find(([name, other]) => other === use && isNumbered(name, group));
      const name = same?.[0] ?? freeName(group, names);
      names.add(name);
      used.set(name, use);
      return renamed.map((change) => withGroup(change, group, name));
    }, changes),
  );
}

function isNumbered(name: string, group: string): boolean {
  return name.startsWith(`${group}-`) && /^\d+$/.test(name.slice(group.length + 1));
}

/** Groups that a case both puts on someone and binds. */
function ownGroups(changes: readonly Change[]): readonly string[] {
  const put = changes.flatMap(groupsPut);
  const bound = changes.flatMap(groupsBound);
  return [...new Set(put.filter((group) => bound.includes(group)))];
}

function groupsPut(change: Change): readonly string[] {
  switch (change.kind) {
    case "create-access-entry":
    case "set-groups":
      return change.groups;
    case "edit-aws-auth":
      return change.edits.flatMap((edit) => newGroups(edit));
    default:
      return [];
  }
}

function newGroups(edit: AwsAuthEdit): readonly string[] {
  if ("key" in edit) return [];
  return (edit.to?.groups ?? []).filter((group) => edit.from?.groups.includes(group) !== true);
}

function groupsBound(change: Change): readonly string[] {
  const subjects =
    change.kind === "create-binding"
      ? [change.subject]
      : change.kind === "apply-manifest"
        ? change.objects.flatMap((object) => object.subjects ?? [])
        : [];
  return subjects.flatMap(({ kind, name }) => (kind === "Group" ? [name] : []));
}

/** For whom a case uses a group; several cases of one principal may share it. */
function useOf(changes: readonly Change[], group: string): string {
  const who = changes.flatMap((change) => (groupsPut(change).includes(group) ? principalsOf(change) : []));
  return JSON.stringify(who);
}

function principalsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case "create-access-entry":
    case "set-groups":
      return [change.principalArn];
    case "edit-aws-auth":
      return change.edits.flatMap((edit) => ("key" in edit ? [] : [edit.to?.arn ?? ""]));
    default:
      return [];
  }
}

function withGroup(change: Change, group: string, name: string): Change {
  const named = (groups: readonly string[]) => groups.map((one) => (one === group ? name : one));
  switch (change.kind) {
    case "create-access-entry":
    case "set-groups":
      return { ...change, groups: named(change.groups) };
    case "create-binding": {
      const { subject } = change;
      return subject.kind === "Group" && subject.name === group
        ? { ...change, subject: { ...subject, name } }
        : change;
    }
    case "apply-manifest":
      return {
        ...change,
        objects: change.objects.map((object) =>
          object.subjects === undefined
            ? object
            : {
                ...object,
                subjects: object.subjects.map((subject) =>
                  subject.kind === "Group" && subject.name === group ? { ...subject, name } : subject,
                ),
              },
        ),
      };
    case "edit-aws-auth":
      return {
        ...change,
        edits: change.edits.map((edit) =>
          "key" in edit || edit.to === undefined || !newGroups(edit).includes(group)
            ? edit
            : { ...edit, to: { ...edit.to, groups: named(edit.to.groups) } },
        ),
      };
    default:
      return change;
  }
}
