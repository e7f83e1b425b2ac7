import type { AccessEntryJson, AssociatedPoliciesJson } from "../evidence.ts";
import type { Target } from "../facts/eks-call.ts";

/** A command as a list of words. */
type Command = readonly string[];

type Scope = AssociatedPoliciesJson["associatedAccessPolicies"][number]["accessScope"];

/** What an entry says of its principal, apart from who that is. */
type EntrySettings = Partial<Pick<AccessEntryJson, "kubernetesGroups" | "username" | "type">>;

/** Whole rights everywhere; the scope of somebody who has always been administrator. */
export const CLUSTER_SCOPE: Scope = { type: "cluster" };

/** ARN of one of EKS's own access policies. Source: eks-auth, B5. */
export function accessPolicyArn(target: Target, name: string): string {
  return `arn:${target.partition}:eks::aws:cluster-access-policy/${name}`;
}

export function createEntry(target: Target, principalArn: string, settings: EntrySettings = {}): Command {
  const { kubernetesGroups = [], username, type } = settings;
  return [
    ...eks("create-access-entry", target, principalArn),
    ...(type === undefined ? [] : ["--type", type]),
    ...(kubernetesGroups.length === 0 ? [] : ["--kubernetes-groups", ...kubernetesGroups]),
    ...(username === undefined ? [] : ["--username", username]),
  ];
}

/** Replaces all groups of an entry: the whole list must be given. Source: eks-auth, B2. */
export function setGroups(target: Target, principalArn: string, groups: readonly string[]): Command {
  return [...eks("update-access-entry", target, principalArn), "--kubernetes-groups", ...groups];
}

export function deleteEntry(target: Target, principalArn: string): Command {
  return eks("delete-access-entry", target, principalArn);
}

export function describeEntry(target: Target, principalArn: string): Command {
  return eks("describe-access-entry", target, principalArn);
}

/** Associates a policy; the scope given replaces the one there was. Source: eks-auth, B3. */
export function associatePolicy(
  target: Target,
  principalArn: string,
  policy: { readonly policyArn: string; readonly accessScope: Scope },
): Command {
  const { type, namespaces = [] } = policy.accessScope;
  const list = type === "namespace" ? `,namespaces=${namespaces.join(",")}` : "";
  return [
    ...eks("associate-access-policy", target, principalArn),
    ...["--policy-arn", policy.policyArn, "--access-scope", `type=${type}${list}`],
  ];
}

function eks(operation: string, { cluster, region }: Target, principalArn: string): string[] {
  return [
    "aws",
    "eks",
    operation,
    "--cluster-name",
    cluster,
    "--region",
    region,
    "--principal-arn",
    principalArn,
  ];
}
