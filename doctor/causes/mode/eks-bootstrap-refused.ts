import { documentOf, forClusterAdmin } from "../../fixes/fix.ts";
import { defineEksRefusalRule } from "../shared/eks-refusal-rule.ts";

/** EKS refuses to create a cluster that no one could access. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
export const eksBootstrapRefused = defineEksRefusalRule({
  cause: "M4",
  expects: "a new cluster in mode CONFIG_MAP has its creator as cluster admin",
  pattern: /bootstrapClusterCreatorAdminPermissions must be true[^.]*/,
  describe: () => ({
    summary:
      "EKS refuses a cluster in mode CONFIG_MAP without its creator as cluster admin: no one could access it.",
    falsifiedBy: "The same request with authenticationMode=API fails with the same message.",
    fixes: [
      forClusterAdmin(
        "Create the cluster in mode API (or API_AND_CONFIG_MAP) and create the access entries yourself.",
        documentOf("--access-config authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false"),
      ),
    ],
  }),
});
