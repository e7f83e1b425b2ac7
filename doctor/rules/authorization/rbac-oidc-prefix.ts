import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacOidcPrefix = defineNearMissRule({
  cause: "R8",
  expects: "bindings name OIDC users and groups with the provider's prefix",
  describe: ({ meant, verdict: { binding, subject } }) => ({
    summary: `${binding} names ${subject} without the OIDC provider's prefix: to the cluster it is ${meant.name}.`,
  }),
});
