import type { AccessRequest, RbacRuleJson } from "../../evidence/evidence.ts";
import { policyRules } from "./access-policies.ts";
import { rulesAllow } from "./rbac-rule.ts";

/** What Kubernetes' own `edit` may and the Edit policy may not. Source: kubernetes, bootstrappolicy, `editRules`. */
const EDIT_ONLY: readonly RbacRuleJson[] = [
  { verbs: ["create"], apiGroups: [""], resources: ["pods/eviction", "serviceaccounts/token"] },
  {
    verbs: ["get", "list", "watch", "create", "delete", "deletecollection", "patch", "update"],
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
  },
];

/**
 * The ClusterRoles that every cluster has, for evidence that leaves them out: EKS's policies were modelled on them. Rules
 * that somebody aggregated into them are not here; those in the evidence are.
 */
export const BUILT_IN_ROLES: Readonly<Record<string, readonly RbacRuleJson[]>> = {
  "cluster-admin": policyRules("AmazonEKSClusterAdminPolicy") ?? [],
  view: policyRules("AmazonEKSViewPolicy") ?? [],
  edit: [...(policyRules("AmazonEKSEditPolicy") ?? []), ...EDIT_ONLY],
  admin: [...(policyRules("AmazonEKSAdminPolicy") ?? []), ...EDIT_ONLY],
};

/** The name of the smallest one that has a right; not cluster-admin. */
export function smallestBuiltInRole(attempt: AccessRequest): string | undefined {
  return ["view", "edit", "admin"].find((role) => rulesAllow(BUILT_IN_ROLES[role] ?? [], attempt));
}
