import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacGroupArn = defineNearMissRule({
  causes: [
    {
      id: "R2",
      what: "A binding names the role's ARN as a group; nobody is in such a group.",
      seen: "403",
      sameAs: ["E5"],
    },
  ],
  expects: "bindings name groups of access entries and aws-auth, and no group is named after an ARN",
  describe: ({ subject, verdict: { binding, role } }) => ({
    summary: `${binding} gives ${role} to a group named ${subject.name}, and nobody is ever in a group named after an ARN.`,
    evidence: ["EKS puts a caller only in the groups of its access entry or aws-auth line."],
  }),
});
