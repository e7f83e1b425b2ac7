import { type Command, kubectl, structure } from "../../../token/command/command.ts";
import type { Sentence } from "../../../token/command/sentence.ts";
import { type AwsAuthTexts, mergeEdits } from "../../eks/aws-auth/aws-auth-edit.ts";
import { policyName } from "../../eks/rbac/access-policies.ts";
import type { RbacObjectJson } from "../../evidence/evidence.ts";
import { entryCommand, setGroups } from "../access-entry-actions.ts";
import { createAwsAuth, onAwsAuth, patchCommands } from "../aws-auth-fixes.ts";
import { type Action, type Audience, documentOf } from "../fix.ts";
import { yaml } from "../manifests.ts";
import type { ApplyManifest, Change, EditAwsAuth, Of, SetGroups } from "./change.ts";
import {
  awsAuthCheck,
  bindingCheck,
  type Check,
  entryCheck,
  formatEntry,
  formatSubjects,
  objectCheck,
  policiesCheck,
  scopeCheck,
} from "./check.ts";
import type { ClusterState } from "./cluster-state.ts";
import { formatScope, scopeNow } from "./merge-entries.ts";
import { objectKey } from "./merge-rbac.ts";

type Body = Pick<Step, "description" | "before" | "after" | "actions" | "undo"> &
  Partial<Pick<Step, "checks" | "audience">>;

/** The steps that make merged changes, in their order. Pure. */
export function stepsOf(changes: readonly Of<Change>[], state: ClusterState): readonly Step[] {
  const all = changes.map(({ value }) => value);
  return changes.map(({ value: change, cases }) => {
    const isNew = (arn: string) =>
      all.some(
        ({ kind, ...one }) =>
          kind === "create-access-entry" && "principalArn" in one && one.principalArn === arn,
      );
    const body = bodyOf(change, state, isNew);
    const checks = body.checks ?? [];
    const isKnown = checks.every(({ expected }) => expected !== undefined);
    return {
      ...{ audience: "cluster-admin" as const, ...body, change, cases, checks },
      needs: all.flatMap((other, index) => (isNeeded(other, change) ? [index] : [])),
      isComplete: change.kind !== "by-hand" && isKnown && !hasPlaceholder(change),
    };
  });
}

/** What stands for a value that is not known. */
const PLACEHOLDER = /^(?:[A-Z]+_ARN|SCOPE|CLUSTER|REGION|EXISTING_[A-Z]+)$/;

function hasPlaceholder(value: unknown): boolean {
  if (typeof value === "string") return PLACEHOLDER.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasPlaceholder);
}

function isNeeded(other: Change, change: Change): boolean {
  const arn = "principalArn" in change ? change.principalArn : undefined;
  switch (other.kind) {
    case "set-authentication-mode":
      return (
        arn !== undefined ||
        (change.kind === other.kind && change !== other && change.authenticationMode === "API")
      );
    case "delete-access-entry":
      return change.kind === "create-access-entry" && other.principalArn === arn;
    case "create-access-entry":
      return change.kind === "associate-access-policy" && other.principalArn === arn;
    case "create-object":
      return (
        other !== change &&
        other.run.operands.some((name) => refersTo(change, `${other.run.verb[1] ?? ""} ${String(name)}`))
      );
    default:
      return false;
  }
}

/** Whether a change is in a namespace, or binds a role. */
function refersTo(change: Change, name: string): boolean {
  switch (change.kind) {
    case "create-object":
      return name === `namespace ${String(change.run.options["n"])}`;
    case "create-binding":
      return [
        `namespace ${change.namespace}`,
        `${change.role.kind.toLowerCase()} ${change.role.name}`,
      ].includes(name);
    case "apply-manifest":
      return change.objects.some(({ metadata }) => name === `namespace ${metadata.namespace}`);
    default:
      return false;
  }
}

function bodyOf(change: Change, state: ClusterState, isNew: (arn: string) => boolean): Body {
  switch (change.kind) {
    case "set-authentication-mode":
      return {
        description: `Change the authentication mode to ${change.authenticationMode}. This takes a few minutes and cannot be undone.`,
        before: undefined,
        after: change.authenticationMode,
        actions: [change],
        undo: [],
      };
    case "delete-access-entry": {
      const { target, principalArn } = change;
      const then = isNew(principalArn) ? ", to recreate it in the next steps" : "";
      return {
        description: `Delete the access entry for ${principalArn}${then}.`,
        checks: [entryCheck(target, principalArn, state), policiesCheck(target, principalArn, state)],
        before: "an access entry",
        after: "none",
        actions: [change],
        undo: [],
      };
    }
    case "create-access-entry": {
      const { target, principalArn, groups, username, type } = change;
      return {
        description: `Create an access entry for ${principalArn}.`,
        before: "none",
        after: `an access entry with ${formatEntry({ kubernetesGroups: groups, username, type })}`,
        actions: [change],
        undo: [entryCommand("delete-access-entry", target, principalArn)],
      };
    }
    case "set-groups":
      return groupsBody(change, state);
    case "associate-access-policy": {
      const { target, principalArn, policyArn, scope } = change;
      const present = isNew(principalArn) ? null : scopeNow(state, principalArn, policyArn);
      const more = { "policy-arn": policyArn };
      return {
        description: `Associate ${policyName(policyArn)}, scoped to ${formatScope(scope)}, with ${principalArn}${present ? "; this replaces the policy's current scope" : ""}.`,
        checks: isNew(principalArn) ? [] : [scopeCheck(target, principalArn, { policyArn, present })],
        before: present === undefined ? undefined : formatScope(present),
        after: formatScope(scope),
        actions: [change],
        undo: [
          present
            ? entryCommand("associate-access-policy", target, principalArn, {
                ...more,
                "access-scope": structure({ ...present }),
              })
            : entryCommand("disassociate-access-policy", target, principalArn, more),
        ],
      };
    }
    case "create-object": {
      const { run } = change;
      const [, what = ""] = run.verb;
      const [name = ""] = run.operands.map(String);
      const { n, verb, resource, "non-resource-url": url } = run.options;
      const rule = verb === undefined ? "" : `: ${String(verb)} ${String(resource ?? url)}`;
      return {
        description: `Create ${what} ${name}${n === undefined ? "" : ` in namespace ${String(n)}`}.`,
        before: "none",
        after: `${what} ${name}${rule}`,
        actions: [run],
        undo: [kubectl(`delete ${what}`, { n }, name)],
      };
    }
    case "create-binding": {
      const { name, namespace, role, subject } = change;
      const what = namespace === undefined ? "clusterrolebinding" : "rolebinding";
      const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
      return {
        description: `Grant ${role.kind} ${role.name} to ${subject.kind} ${subject.name} ${where}.`,
        before: "none",
        after: `${what} ${name}`,
        actions: [change],
        undo: [kubectl(`delete ${what}`, { n: namespace }, name)],
      };
    }
    case "apply-manifest":
      return manifestBody(change, state);
    case "edit-aws-auth":
      return awsAuthBody(change, state);
    case "by-hand": {
      const { audience, description, actions = [] } = change.fix;
      return { audience, description, before: undefined, after: undefined, actions, undo: [] };
    }
  }
}

function groupsBody({ target, principalArn, groups, username }: SetGroups, state: ClusterState): Body {
  const entry = state.entry(principalArn) ?? undefined;
  const isKnown = entry?.kubernetesGroups !== undefined;
  return {
    description: `Set the groups of the access entry for ${principalArn} to ${groups.join(", ")}; this replaces the current list.`,
    checks: [entryCheck(target, principalArn, state)],
    before: isKnown ? formatEntry(entry) : undefined,
    after: formatEntry({ kubernetesGroups: groups, ...(isKnown ? { type: entry.type } : {}), username }),
    actions: setGroups(target, { principalArn, username }, groups).slice(-1),
    undo: isKnown
      ? setGroups(target, { principalArn, username }, entry.kubernetesGroups ?? []).slice(-1)
      : [],
  };
}

function manifestBody({ file, objects }: ApplyManifest, { rbac }: ClusterState): Body {
  const description = `Save the manifest as ${file}, and apply it: ${objects.map(formatObject).join(", ")}.`;
  const after = objects.map(sayWhole).join("\n");
  const actions = [
    kubectl("apply", { f: file }),
    documentOf(objects.map((object) => yaml(object)).join("---\n")),
  ];
  if (rbac === undefined)
    return { description, checks: objects.map(objectCheck), before: undefined, after, actions, undo: [] };
  const there = (object: RbacObjectJson) => rbac.find((one) => objectKey(one) === objectKey(object));
  const before = objects.flatMap((object) => there(object) ?? []);
  const created = objects.filter((object) => there(object) === undefined);
  const replaced = before.filter(({ subjects }) => subjects !== undefined);
  return {
    description,
    checks: replaced.map(bindingCheck),
    before: before.length === 0 ? "none" : before.map(sayWhole).join("\n"),
    after,
    actions,
    undo: [...replaced.map(withSubjectsOf), ...created.map(deleted)],
  };
}

function formatObject(object: RbacObjectJson): string {
  const { kind, metadata, subjects } = object;
  const where = metadata.namespace === undefined ? "" : ` in namespace ${metadata.namespace}`;
  return `${kind} ${metadata.name}${where}${subjects ? ` (${formatSubjects({ subjects })})` : ""}`;
}

/** With what a role allows, for the admin who decides whether to apply it. */
function sayWhole(object: RbacObjectJson): string {
  const rules = (object.rules ?? []).map(
    ({ verbs, resources = [], nonResourceURLs = [] }) =>
      `${verbs.join(", ")} ${[...resources, ...nonResourceURLs].join(", ")}`,
  );
  return [formatObject(object), ...rules.map((rule) => `  ${rule}`)].join("\n");
}

function withSubjectsOf({ kind, metadata, subjects }: RbacObjectJson): Command {
  const options = { n: metadata.namespace, type: "merge", patch: JSON.stringify({ subjects }) };
  return kubectl(`patch ${kind.toLowerCase()}`, options, metadata.name);
}

function deleted({ kind, metadata: { name, namespace } }: RbacObjectJson): Command {
  return kubectl(`delete ${kind.toLowerCase()}`, { n: namespace }, name);
}

function awsAuthBody({ edits }: EditAwsAuth, state: ClusterState): Body {
  const { awsAuth, awsAuthVersion } = state;
  const old = awsAuth ?? {};
  const data = mergeEdits(old, edits) ?? {};
  const before = Object.fromEntries(Object.keys(data).map((key) => [key, old[key] ?? null]));
  const said = { before: formatTexts(before), after: formatTexts(data) };
  const names = Object.keys(data).join(" and ");
  if (awsAuth === null)
    return {
      description: "Create aws-auth: save the ConfigMap as aws-auth.yaml, and apply it.",
      ...said,
      actions: createAwsAuth("", data as Readonly<Record<string, string>>).actions ?? [],
      undo: [onAwsAuth("delete")],
    };
  return {
    description: `Edit ${names} in aws-auth. The first command saves the current ConfigMap; the second is a dry run.`,
    checks: [awsAuthCheck(state)],
    ...said,
    actions: patchCommands(data, awsAuthVersion),
    undo: [onAwsAuth("patch", { type: "merge", patch: JSON.stringify({ data: before }) })],
  };
}

function formatTexts(texts: AwsAuthTexts): string {
  return Object.entries(texts)
    .map(([key, text]) => (text === null ? `no ${key}` : `${key}:\n${text.trimEnd()}`))
    .join("\n");
}

/** One step of a plan: a change, its commands, and how to undo it. */
export interface Step {
  readonly change: Change;
  /** Indexes of the cases that need it. */
  readonly cases: readonly number[];
  readonly audience: Audience;
  readonly description: Sentence;
  /** What must still hold before it, as it replaces something. */
  readonly checks: readonly Check[];
  /** What it changes, in words; undefined: that is not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly actions: readonly Action[];
  /** None: it cannot be undone. */
  readonly undo: readonly Command[];
  /** Indexes of steps without which it fails. */
  readonly needs: readonly number[];
  /** Whether a program can carry it out: nothing in it must be filled in or edited. */
  readonly isComplete: boolean;
}
