import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectTemplate = defineNearMissRule({
  cause: "R10",
  expects: "no binding contains a template, which only access entries and aws-auth fill in",
  confidence: () => "likely",
  describe: ({ verdict: { binding, subject } }) => ({
    summary: `${binding} names ${subject}, and RBAC takes the braces literally.`,
  }),
});
