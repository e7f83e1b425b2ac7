import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { eksCall } from "../../derive/target/eks-call.ts";
import { documentOf } from "../../fixes/fix.ts";

/** EKS refuses a cluster that nobody could enter. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
const REFUSED = /bootstrapClusterCreatorAdminPermissions must be true[^.]*/;

export const eksBootstrapRefused = defineLegacyRule({
  code: "eks-bootstrap-refused",
  stage: "mode",
  causes: ["M4"],
  expects: "a new cluster in mode CONFIG_MAP has its creator as administrator",
  needs: ["symptom"],
  judge(facts) {
    const [said] = REFUSED.exec(eksCall(facts)?.words ?? "") ?? [];
    if (said === undefined) return [];
    return [
      {
        cause: "M4",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        summary:
          "The cluster was to be made in mode CONFIG_MAP without its creator as administrator: nobody could enter it.",
        evidence: [`EKS says “${said}”.`],
        falsifiedBy: "The same request with authenticationMode=API is refused in the same words.",
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "Ask for mode API (or API_AND_CONFIG_MAP) when making it, and make the access entries yourself.",
            actions: [
              documentOf(
                "--access-config authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false",
              ),
            ],
          },
        ],
      },
    ];
  },
});
