import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectTemplate = defineNearMissRule({
  cause: {
    id: "R10",
    what: "A binding contains a template, which RBAC does not expand.",
    seen: "403 as the user of one session",
    remedy:
      "Cluster admin: bind a group of the mapping; RBAC does not expand templates such as {{SessionName}}.",
    sameAs: ["E5"],
    isUnconfirmed: true,
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
  },
  expects: "no binding contains a template, which only access entries and aws-auth expand",
  confidence: () => "likely",
  describe: ({ verdict: { binding, subject } }) => ({
    summary: `${binding} refers to ${subject}, but RBAC interprets the braces literally.`,
  }),
});
