import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { likelyPrincipal } from "../../derive/identity/likely-principal.ts";
import { type Fix, forIamAdmin } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; the ending names the policy that denies, where one does. */
const DENIED =
  /not authorized to perform: (eks:\w+)(?: on resource: (\S+?))?(?: (?:because|with an explicit deny)[^.]*|(?=[.\s"]|$))/;

const EXPLICIT_DENY = /explicit deny in (?:an? )?([\w-]+(?: [\w-]+){0,5}? policy|permissions boundary)/;

/** Actions that have no resource of their own. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const EVERYWHERE: readonly string[] = ["eks:ListClusters"];

/**
 * AWS denies a call of the EKS API. It must be the call that failed: kubectl needs no such right once there is a
 * kubeconfig, so a probe that is denied is no fault.
 */
export const policyEksApiDenied = defineRule({
  causes: ["P11"],
  expects: "IAM allows the EKS calls that were made",
  needs: ["eksCall"],
  check({ eksCall: { words } }) {
    const [said, action = ""] = DENIED.exec(words) ?? [];
    if (said === undefined) return doesNotApply("AWS denied no EKS call");
    if (action === "eks:AccessKubernetesApi") return doesNotApply("only the console needs this right");
    const policy = EXPLICIT_DENY.exec(words)?.[1];
    return found({
      confidence: "certain",
      describe: (facts) => ({
        summary: `AWS does not allow ${likelyPrincipal(facts)?.arn ?? "the caller"} ${action}${policy === undefined ? "" : `: ${policy} denies it`}.`,
        evidence: [`AWS says “${said}”.`],
        falsifiedBy: "The same call with the same identity succeeds.",
        fixes: [policy === undefined ? grant(facts, action) : lift(action, policy)],
      }),
    });
  },
});

function grant(facts: Facts, action: string): Fix {
  const { cluster, region, partition } = facts.target;
  const principal = likelyPrincipal(facts);
  const account = facts.targetCluster.account ?? principal?.account ?? "ACCOUNT";
  return grantInIam({
    principal,
    policyName: action.replace(":", "-"),
    actions: [action],
    resource: EVERYWHERE.includes(action)
      ? "*"
      : `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`,
    description: `Allow ${action}. An existing kubeconfig works without it.`,
  });
}

function lift(action: string, policy: string): Fix {
  return forIamAdmin(`Another Allow does not help: remove ${action} from the ${policy} that denies it.`);
}
