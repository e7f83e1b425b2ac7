import { sentence } from "../../../token/command/sentence.ts";
import { defineNearMissRule } from "../shared/denial-rule.ts";
import { BINDINGS, suspectedDenial } from "../shared/suspected.ts";

export const rbacOidcPrefix = defineNearMissRule({
  cause: {
    id: "R8",
    what: "The binding refers to an OIDC name without its prefix.",
    seen: "403 for an OIDC user",
    remedy:
      "Cluster admin: bind the user or group with the prefix that the cluster's OIDC configuration adds.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html",
  },
  expects: "bindings refer to OIDC users and groups with the provider's prefix",
  describe: ({ meant, verdict: { binding, subject } }) => ({
    summary: `${binding} refers to ${subject} without the OIDC provider's prefix; in the cluster it is ${meant.name}.`,
  }),
  suspected: {
    forbidden: suspectedDenial(["R8"], ({ facts, user, groups }) => {
      if (
        facts.principal !== undefined ||
        !(user.includes("#") || groups.some((group) => group.includes(":")))
      )
        return undefined;
      return {
        summary:
          "A binding refers to the caller without the prefix that the cluster adds to the identity provider's names.",
        hints: [
          `Your Kubernetes username is ${user}${groups.length > 0 ? `, with ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}` : ""}.`,
        ],
        confirmedBy: sentence`${BINDINGS} shows a subject without that prefix.`,
      };
    }),
  },
});
