import { kubectl, type Run } from "../../../token/command/command.ts";
import { isRecord } from "../../../token/record.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import { policyName } from "../../eks/rbac/access-policies.ts";
import type { AccessEntryJson, RbacObjectJson } from "../../evidence/evidence.ts";
import { describeEntry, listPolicies } from "../access-entry-actions.ts";
import type { AccessScope } from "../fix.ts";
import type { ClusterState } from "./cluster-state.ts";
import { formatScope } from "./merge-entries.ts";

/** Whether something that a step replaces is still what it was when the plan was made. */
export interface Check {
  readonly run: Run;
  /** What it must still show, in words; undefined: that is not known. */
  readonly expected: string | undefined;
  /** The same words, of what the command prints. Throws if it cannot be read. */
  readonly read: (output: string) => string;
}

/** The scope of one policy. */
export function scopeCheck(
  target: EksTarget,
  principalArn: string,
  { policyArn, present }: { readonly policyArn: string; readonly present: AccessScope | null | undefined },
): Check {
  const say = (scope: AccessScope | null) => `${policyName(policyArn)}: ${formatScope(scope)}`;
  return {
    run: listPolicies(target, principalArn),
    expected: present === undefined ? undefined : say(present),
    read: (output) => say(scopesIn(output).find((one) => one.policyArn === policyArn)?.accessScope ?? null),
  };
}

/** All policies of an entry. */
export function policiesCheck(target: EksTarget, principalArn: string, state: ClusterState): Check {
  const say = (all: ReturnType<typeof scopesIn>) =>
    all.length === 0
      ? "no policies"
      : all
          .map(({ policyArn, accessScope }) => `${policyName(policyArn)}: ${formatScope(accessScope)}`)
          .sort()
          .join("; ");
  const present = state.policies(principalArn);
  return {
    run: listPolicies(target, principalArn),
    expected: present && say(present),
    read: (output) => say(scopesIn(output)),
  };
}

function scopesIn(
  output: string,
): readonly { readonly policyArn: string; readonly accessScope: AccessScope }[] {
  const { associatedAccessPolicies } = JSON.parse(output) as {
    readonly associatedAccessPolicies: ReturnType<typeof scopesIn>;
  };
  return associatedAccessPolicies;
}

/** The groups and the username of an entry. */
export function entryCheck(target: EksTarget, principalArn: string, state: ClusterState): Check {
  const entry = state.entry(principalArn);
  const isKnown = entry?.kubernetesGroups !== undefined;
  return {
    run: describeEntry(target, principalArn),
    expected: isKnown ? formatEntry(entry) : undefined,
    read: (output) => {
      const { accessEntry } = JSON.parse(output) as { readonly accessEntry: AccessEntryJson };
      const { kubernetesGroups } = accessEntry;
      // A case that leaves the username out says nothing about it.
      return formatEntry(isKnown && entry.username === undefined ? { kubernetesGroups } : accessEntry);
    },
  };
}

export function formatEntry({
  kubernetesGroups = [],
  username,
  type = "STANDARD",
}: {
  readonly kubernetesGroups?: readonly string[] | undefined;
  readonly username?: string | undefined;
  readonly type?: string | undefined;
}): string {
  return [
    ...(type === "STANDARD" ? [] : [`type ${type}`]),
    ...(username === undefined ? [] : [`username ${username}`]),
    kubernetesGroups.length === 0 ? "no groups" : `groups ${[...kubernetesGroups].sort().join(", ")}`,
  ].join(", ");
}

/** The resourceVersion of aws-auth; if that is not known, its texts. */
export function awsAuthCheck({ awsAuth, awsAuthVersion }: ClusterState): Check {
  const get = (format: string) => kubectl("get configmap", { n: "kube-system", o: format }, "aws-auth");
  if (awsAuthVersion !== undefined)
    return {
      run: get("jsonpath={.metadata.resourceVersion}"),
      expected: awsAuthVersion,
      read: (output) => output.trim(),
    };
  const expected = "the content that the cases recorded";
  return {
    run: get("json"),
    expected,
    read: (output) => (isSameData(JSON.parse(output), awsAuth ?? {}) ? expected : "different content"),
  };
}

function isSameData(configMap: unknown, data: Readonly<Record<string, string>>): boolean {
  const found = isRecord(configMap) && isRecord(configMap["data"]) ? configMap["data"] : {};
  const sorted = (texts: object) =>
    JSON.stringify(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(found) === sorted(data);
}

/** A role or binding of which it is not known whether it exists. */
export function objectCheck(object: RbacObjectJson): Check {
  return { run: getObject(object, "yaml"), expected: undefined, read: (output) => output };
}

function getObject({ kind, metadata: { name, namespace } }: RbacObjectJson, format: string): Run {
  return kubectl(`get ${kind.toLowerCase()}`, { n: namespace, o: format }, name);
}

/** The subjects of an existing binding. */
export function bindingCheck(binding: RbacObjectJson): Check {
  return {
    run: getObject(binding, "json"),
    expected: formatSubjects(binding),
    read: (output) => formatSubjects(JSON.parse(output) as RbacObjectJson),
  };
}

export function formatSubjects({ subjects }: Pick<RbacObjectJson, "subjects">): string {
  const names = (subjects ?? []).map(({ kind, name }) => `${kind} ${name}`).sort();
  return names.length === 0 ? "no subjects" : names.join(", ");
}
