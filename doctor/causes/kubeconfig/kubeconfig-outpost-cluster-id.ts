import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, withFlag, withoutFlags } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/**
 * The verifier of a local cluster on an Outpost identifies it by its ID, not by its name. Source: doctor/EKS-ACCESS.md, "Cluster and
 * network".
 */
export const kubeconfigOutpostClusterId = defineRule({
  cause: {
    id: "K12",
    what: "The exec block uses --cluster-name for a local cluster on an Outpost, which requires --cluster-id.",
    seen: "401 from an Outpost",
    remedy: "Recreate the entry with a program that supports local clusters, or use the cluster's ID.",
  },
  expects: "tokens for a local cluster on an Outpost are signed for its ID",
  needs: ["exec", "cluster"],
  check({ exec, cluster: { name, id, outpostConfig } }, seen) {
    if (outpostConfig === undefined || outpostConfig["etcdInstanceType"] !== undefined)
      return doesNotApply("the cluster is not a local cluster on an Outpost");
    if (!seen.canCause401) return NOT_REFUSED;
    const asksByName = exec.clusterId === undefined && exec.clusterName === name && name !== id;
    if (exec.clusterName === undefined || !asksByName) return passed;
    const tests = knownValue(seen.evidence.tokenNames);
    if (tests?.some((test) => test.name === id && test.accepted) === true) return passed;
    return found({
      confidence: seen.symptom === undefined ? "likely" : "certain",
      explains: ["K10", "E1", "A1"],
      describe: (facts) => ({
        summary: `Tokens for local Outpost cluster ${name} must be signed for its ID${id === undefined ? "" : ` ${id}`}, not for its name.`,
        evidence: [
          "DescribeCluster returns outpostConfig without etcdInstanceType.",
          `The exec block's arguments include --cluster-name ${exec.clusterName}, but not --cluster-id.`,
        ],
        falsifiedBy: "This API server accepts a token that is signed for the name.",
        fixes: fixes(facts, id),
      }),
    });
  },
});

function fixes(facts: Facts, id = "CLUSTER_ID"): Fix[] {
  const { exec } = facts;
  const isOurs = exec?.tool === "kubectl-vouch";
  const program = isOurs ? "setup writes the cluster's ID" : "with an AWS CLI that supports local clusters";
  const regenerate = regenerateEntry(facts, `Recreate the entry${isOurs ? ":" : ""} ${program}.`, {
    isWhole: true,
  });
  if (exec?.tool !== "aws" && !isOurs) return regenerate;
  const kept = isOurs ? exec.args : withoutFlags(exec.args, ["--cluster-name"]);
  const args = withFlag(kept, "--cluster-id", id);
  return [
    ...regenerate,
    forYou("Or specify the cluster's ID instead of its name.", setExecArgs(facts, args)),
  ];
}
