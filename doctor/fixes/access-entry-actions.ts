import { aws, type Run } from "../../token/command/command.ts";
import type { EksTarget } from "../derive/target/target-cluster.ts";
import type { AccessEntryJson } from "../evidence/evidence.ts";
import type {
  AccessScope,
  AssociateAccessPolicy,
  CreateAccessEntry,
  DeleteAccessEntry,
  SetAuthenticationMode,
} from "./fix.ts";

/** The settings of an entry, without its principal. */
type EntrySettings = {
  readonly [P in "kubernetesGroups" | "username" | "type"]?: AccessEntryJson[P] | undefined;
};

/** The scope for full permissions everywhere, as for someone who was administrator before. */
export const CLUSTER_SCOPE: AccessScope = { type: "cluster" };

/** ARN of one of EKS's own access policies. Source: doctor/EKS-ACCESS.md, "Access policies". */
export function accessPolicyArn(target: EksTarget, name: string): string {
  return `arn:${target.partition}:eks::aws:cluster-access-policy/${name}`;
}

export function createEntry(
  target: EksTarget,
  principalArn: string,
  { kubernetesGroups: groups = [], username, type }: EntrySettings = {},
): CreateAccessEntry {
  return { kind: "create-access-entry", target, principalArn, groups, username, type };
}

/** Lets a principal in as administrator of the whole cluster. */
export function createAdminEntry(
  target: EksTarget,
  principalArn: string,
): [CreateAccessEntry, AssociateAccessPolicy] {
  return [
    createEntry(target, principalArn),
    associateClusterWide(target, principalArn, "AmazonEKSClusterAdminPolicy"),
  ];
}

/** Changes the authentication mode, one step forward. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
export function setMode(target: EksTarget, authenticationMode: string): SetAuthenticationMode {
  return { kind: "set-authentication-mode", target, authenticationMode };
}

export function deleteEntry(target: EksTarget, principalArn: string): DeleteAccessEntry {
  return { kind: "delete-access-entry", target, principalArn };
}

export function associatePolicy(
  target: EksTarget,
  principalArn: string,
  { policyArn, accessScope }: { readonly policyArn: string; readonly accessScope: AccessScope },
): AssociateAccessPolicy {
  const { type, namespaces = [] } = accessScope;
  const scope = type === "namespace" ? { type, namespaces } : { type };
  return { kind: "associate-access-policy", target, principalArn, policyArn, scope };
}

/** Associates one of EKS's own policies, with the whole cluster as its scope. */
export function associateClusterWide(
  target: EksTarget,
  principalArn: string,
  name: string,
): AssociateAccessPolicy {
  return associatePolicy(target, principalArn, {
    policyArn: accessPolicyArn(target, name),
    accessScope: CLUSTER_SCOPE,
  });
}

/** An entry to change, as far as it is known. */
type KnownEntry = Pick<AccessEntryJson, "principalArn" | "kubernetesGroups" | "username">;

/**
 * Replaces all groups of an entry, and keeps its username: UpdateAccessEntry resets settings that are not given to their
 * defaults. What is not known about the entry is in capitals, and the first command shows it.
 *
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export function setGroups(target: EksTarget, entry: KnownEntry, groups: readonly string[]): Run[] {
  const { principalArn, username } = entry;
  const update = entryCommand("update-access-entry", target, principalArn, {
    "kubernetes-groups": groups,
    username: username ?? "EXISTING_USERNAME",
  });
  const isWhole = username !== undefined && !groups.includes("EXISTING_GROUPS");
  return isWhole ? [update] : [describeEntry(target, principalArn), update];
}

/** The groups of an entry with some added; if its own are not known, a placeholder in capitals stands for them. */
export function moreGroups(
  { kubernetesGroups = ["EXISTING_GROUPS"] }: KnownEntry,
  more: readonly string[],
): string[] {
  return [...new Set([...kubernetesGroups, ...more])];
}

export function describeEntry(target: EksTarget, principalArn: string): Run {
  return entryCommand("describe-access-entry", target, principalArn);
}

export function listPolicies(target: EksTarget, principalArn: string): Run {
  return entryCommand("list-associated-access-policies", target, principalArn);
}

/** A command of the AWS CLI about one entry. */
export function entryCommand(
  operation: string,
  { cluster, region }: EksTarget,
  principalArn: string,
  more: Run["options"] = {},
): Run {
  return aws(`eks ${operation}`, {
    "cluster-name": cluster,
    region,
    "principal-arn": principalArn,
    ...more,
  });
}
