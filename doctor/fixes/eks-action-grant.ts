import type { Facts } from "../derive/facts.ts";
import { likelyPrincipal } from "../derive/identity/principal-arn.ts";
import type { Fix } from "./fix.ts";
import { grantInIam } from "./iam-grant.ts";

/** Actions that have no resource. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const EVERYWHERE: readonly string[] = ["eks:ListClusters"];

interface EksActions {
  readonly actions: readonly [string, ...string[]];
  /** AWS's message when it denied them, which may name the policy that denies. */
  readonly denial: string;
  readonly description: string;
  /** Default: named after the first action. */
  readonly policyName?: string;
}

/** Allows the caller actions on the cluster; if no Allow for the caller helps, says who must lift the denial. */
export function allowEksActions(facts: Facts, { actions, policyName, ...rest }: EksActions): Fix {
  const { cluster, region, partition } = facts.target;
  const principal = likelyPrincipal(facts);
  const [first] = actions;
  // The permission to describe any cluster is never too broad.
  const isHarmless = actions.every((action) => action === "eks:DescribeCluster");
  const account = facts.targetCluster.account ?? principal?.account ?? (isHarmless ? "*" : "ACCOUNT");
  return grantInIam({
    principal,
    policyName: policyName ?? first.replace(":", "-"),
    actions,
    resource: EVERYWHERE.includes(first)
      ? "*"
      : `arn:${partition}:eks:${region}:${account}:cluster/${isHarmless && cluster === "CLUSTER" ? "*" : cluster}`,
    ...rest,
  });
}
