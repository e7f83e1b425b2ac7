import { sentence } from "../../../token/command/sentence.ts";
import { defineNearMissRule } from "../shared/denial-rule.ts";
import { BINDINGS, suspectedDenial } from "../shared/suspected-denial.ts";

export const rbacOidcPrefix = defineNearMissRule({
  causes: [{ id: "R8", what: "The binding lacks the prefix of OIDC names.", seen: "403 for an OIDC user" }],
  expects: "bindings name OIDC users and groups with the provider's prefix",
  describe: ({ meant, verdict: { binding, subject } }) => ({
    summary: `${binding} names ${subject} without the OIDC provider's prefix: to the cluster it is ${meant.name}.`,
  }),
  suspected: {
    forbidden: suspectedDenial(["R8"], ({ facts, user, groups }) => {
      if (
        facts.principal !== undefined ||
        !(user.includes("#") || groups.some((group) => group.includes(":")))
      )
        return undefined;
      return {
        hinted: true,
        summary:
          "A binding names the caller without the prefix that names of the identity provider have here.",
        hints: [`Kubernetes calls you ${user}${groups.length > 0 ? `, in ${groups.join(", ")}` : ""}.`],
        confirmedBy: sentence`${BINDINGS} shows a subject without that prefix.`,
      };
    }),
  },
});
