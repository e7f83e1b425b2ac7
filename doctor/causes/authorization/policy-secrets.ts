import { definePolicyRule } from "../shared/denial-rule.ts";
import { policyLacks } from "../shared/suspected.ts";

export const policySecrets = definePolicyRule({
  cause: {
    id: "P4",
    what: "The access policy does not include secrets.",
    seen: "secrets is forbidden",
    remedy: "Cluster admin: associate a policy that includes secrets (AmazonEKSSecretReaderPolicy).",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
  },
  expects: "an associated access policy includes secrets",
  describe: ({ attempt, policies }) => ({
    summary: `No associated access policy allows the caller to ${attempt.verb} secrets (associated: ${policies.map(({ name }) => name).join(", ")}).`,
    evidence: ["AmazonEKSViewPolicy does not include secrets."],
  }),
  suspected: {
    forbidden: policyLacks(
      "P4",
      "secrets",
      "The caller's access policy does not include secrets; AmazonEKSViewPolicy, for example, does not.",
    ),
  },
});
