import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacGroupArn = defineNearMissRule({
  cause: {
    id: "R2",
    what: "A binding uses the role's ARN as a group, but no user is in such a group.",
    seen: "403",
    remedy: "Cluster admin: bind a group from the caller's mapping; a role's ARN is not a group.",
    sameAs: ["E5"],
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
  },
  expects: "bindings refer to groups from access entries and aws-auth, never to an ARN",
  describe: ({ subject, verdict: { binding, role } }) => ({
    summary: `${binding} grants ${role} to group ${subject.name}, but no user is ever in a group named after an ARN.`,
    evidence: ["EKS adds a caller only to the groups in its access entry or aws-auth mapping."],
  }),
});
