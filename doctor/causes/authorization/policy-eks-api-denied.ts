import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { denyingPolicy, describeDenyingPolicy } from "../../derive/failure/error-sources.ts";
import { likelyPrincipal } from "../../derive/identity/principal-arn.ts";
import { triedFixes } from "../../derive/target/eks-call.ts";
import { allowEksActions } from "../../fixes/iam-grant.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the ending identifies the policy that denies, if one does. */
const DENIED =
  /not authorized to perform: (eks:\w+)(?: on resource: (\S+?))?(?: (?:because|with an explicit deny)[^.]*|(?=[.\s"]|$))/;

/**
 * AWS denies a call of the EKS API. It must be the call that failed: kubectl does not need this permission once a kubeconfig
 * exists, so a denied probe is not a fault.
 */
export const policyEksApiDenied = defineRule({
  cause: {
    id: "P11",
    what: "IAM does not allow the caller to make this EKS API call.",
    seen: "AccessDeniedException … eks:DescribeCluster",
    remedy: "IAM admin: allow this EKS API action. An existing kubeconfig works without eks:DescribeCluster.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/security-iam-troubleshoot.html#iam-error",
  },
  expects: "IAM allows the EKS API calls that were made",
  needs: ["eksCall"],
  check({ eksCall: { words } }) {
    const [said, action = ""] = DENIED.exec(words) ?? [];
    if (said === undefined) return doesNotApply("AWS did not deny an EKS call");
    if (action === "eks:AccessKubernetesApi") return doesNotApply("only the console needs this permission");
    return found({
      confidence: "certain",
      describe: (facts) => ({
        summary: `${likelyPrincipal(facts)?.arn ?? "The caller"} is not allowed to call ${action}${describeDenyingPolicy(denyingPolicy(said))}.`,
        evidence: [`AWS reports “${said}”.`],
        falsifiedBy: "The same call with the same identity succeeds.",
        fixes: [
          allowEksActions(facts, {
            actions: [action],
            denial: said,
            description: `Allow ${action}. An existing kubeconfig works without it.`,
          }),
        ],
      }),
    });
  },
  refuted: (seen) =>
    triedFixes(seen).some(({ worked, operation }) => worked && operation === seen.eksCall?.operation),
});
