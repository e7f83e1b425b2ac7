import type { EksCall } from "./call.ts";
import { invalidParameter, notFound, requireAllowed } from "./call.ts";
import { pageOf } from "./page.ts";

/** Source: EKS API, ListAccessPolicies, in 2026. */
const POLICY_NAMES: readonly string[] = [
  "AIDevOpsAgentAccessPolicy",
  "AmazonAIOpsAssistantPolicy",
  "AmazonARCRegionSwitchScalingPolicy",
  "AmazonEKSACKPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSArgoCDClusterPolicy",
  "AmazonEKSArgoCDPolicy",
  "AmazonEKSAutoNodePolicy",
  "AmazonEKSBlockStorageClusterPolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSClusterInsightsPolicy",
  "AmazonEKSComputeClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSEventPolicy",
  "AmazonEKSHybridPolicy",
  "AmazonEKSKROPolicy",
  "AmazonEKSLoadBalancingClusterPolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingClusterPolicy",
  "AmazonEKSNetworkingPolicy",
  "AmazonEKSPodIdentityPolicy",
  "AmazonEKSSecretAdminPolicy",
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEMRJobPolicy",
  "AmazonSagemakerHyperpodClusterPolicy",
  "AmazonSagemakerHyperpodControllerPolicy",
  "AmazonSagemakerHyperpodSpacePolicy",
  "AmazonSagemakerHyperpodSpaceTemplatePolicy",
  "AmazonSagemakerHyperpodSystemNamespacePolicy",
  "AmazonSagemakerHyperpodUserClusterPolicy",
];

/**
 * Policies that AWS's own roles alone may have. Source: doctor/EKS-ACCESS.md, "Access policies"; two more as people met
 * the refusal.
 */
const SERVICE_LINKED_ONLY: ReadonlySet<string> = new Set([
  "AmazonEKSBlockStorageClusterPolicy",
  "AmazonEKSClusterInsightsPolicy",
  "AmazonEKSComputeClusterPolicy",
  "AmazonEKSHybridPolicy",
  "AmazonEKSPodIdentityPolicy",
]);

export function listAccessPolicies(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:ListAccessPolicies", "*");
  const policies = POLICY_NAMES.map((name) => ({ name, arn: policyPrefix(call.world.partition) + name }));
  const { items, nextToken } = pageOf(policies, call.query);
  return { accessPolicies: items, nextToken };
}

/** Refuses anything but an access policy, before any cluster is looked up. */
export function requirePolicyForm(policyArn: string): void {
  if (!policyArn.includes(":cluster-access-policy/")) {
    throw invalidParameter("The policyArn parameter format is not valid");
  }
}

/** Refuses a policy that does not exist in this partition, or that customers may not use. */
export function requireAssociable(policyArn: string, partition: string): void {
  const name = POLICY_NAMES.find((candidate) => policyArn === policyPrefix(partition) + candidate);
  if (name === undefined) throw notFound("The specified policyArn could not be found.");
  if (SERVICE_LINKED_ONLY.has(name)) {
    throw invalidParameter("The specified policyArn can only be associated with service-linked roles");
  }
}

function policyPrefix(partition: string): string {
  return `arn:${partition}:eks::aws:cluster-access-policy/`;
}
