import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, withFlag, withoutFlags } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/**
 * The verifier of a local cluster on an Outpost knows it by its id, not by its name. Source: doctor/EKS-ACCESS.md, "Cluster and
 * network".
 */
export const kubeconfigOutpostClusterId = defineRule({
  causes: [
    {
      id: "K12",
      what: "--cluster-name is used for a local cluster on an Outpost, which needs its id.",
      seen: "401 from an Outpost",
    },
  ],
  expects: "tokens for a local cluster on an Outpost are signed for its id",
  needs: ["exec", "cluster"],
  check({ exec, cluster: { name, id, outpostConfig } }, seen) {
    if (outpostConfig === undefined || outpostConfig["etcdInstanceType"] !== undefined)
      return doesNotApply("the cluster is not a local one on an Outpost");
    if (!seen.canCause401) return NOT_REFUSED;
    const asksByName = exec.clusterId === undefined && exec.clusterName === name && name !== id;
    if (exec.clusterName === undefined || !asksByName) return passed;
    const tests = knownValue(seen.evidence.tokenNames);
    if (tests?.some((test) => test.name === id && test.accepted) === true) return passed;
    return found({
      confidence: seen.symptom === undefined ? "likely" : "certain",
      explains: ["K10", "E1", "A1"],
      describe: (facts) => ({
        summary: `Cluster ${name} is a local one on an Outpost: its tokens must be signed for its id${id === undefined ? "" : ` ${id}`}, not for its name.`,
        evidence: [
          "DescribeCluster has outpostConfig, without etcdInstanceType.",
          `The arguments of the exec block have --cluster-name ${exec.clusterName}, and no --cluster-id.`,
        ],
        falsifiedBy: "A token signed for the name is accepted by this API server.",
        fixes: fixes(facts, id),
      }),
    });
  },
});

function fixes(facts: Facts, id = "CLUSTER_ID"): Fix[] {
  const { exec } = facts;
  const regenerate = regenerateEntry(facts, "Recreate the entry with an AWS CLI that knows local clusters.", {
    isWhole: true,
  });
  if (exec?.tool !== "aws") return regenerate;
  const args = withFlag(withoutFlags(exec.args, ["--cluster-name"]), "--cluster-id", id);
  return [...regenerate, forYou("Or name the cluster by its id.", setExecArgs(facts, args))];
}
