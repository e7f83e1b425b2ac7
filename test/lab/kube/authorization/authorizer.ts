import type { Cluster } from "../../model.ts";
import type { KubeUser } from "../authentication/kube-identity.ts";
import type { Attributes, Decision } from "./attributes.ts";
import { askPolicies } from "./policies.ts";
import { askRbac } from "./rbac.ts";

/**
 * RBAC first, then EKS's access policies; the first that allows decides, nobody denies, and the reasons of those
 * without opinion are kept. Source: doctor/EKS-ACCESS.md, "Reviews".
 */
export function authorize(cluster: Cluster, user: KubeUser, asked: Attributes): Decision {
  const rbac = askRbac(cluster, user, asked);
  if (rbac.allowed) return rbac;
  const policies = askPolicies(user.entry, asked);
  if (policies.allowed) return policies;
  return {
    allowed: false,
    reason: [rbac.reason, policies.reason].filter((reason) => reason !== "").join("\n"),
  };
}
