import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import { setExecArgs, withFlag, withoutFlags } from "../../fixes/kubeconfig-commands.ts";

/**
 * A local cluster on an Outpost is known to its verifier by its id, not by its name.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
export const kubeconfigOutpostClusterId = defineLegacyRule({
  code: "kubeconfig-outpost-cluster-id",
  stage: "kubeconfig",
  causes: ["K12"],
  expects: "tokens for a local cluster on an Outpost are signed for its id",
  needs: ["context", "exec", "cluster"],
  judge(facts) {
    const { exec, cluster, symptom } = facts;
    const { outpostConfig, id } = cluster;
    const isLocal = outpostConfig !== undefined && outpostConfig["etcdInstanceType"] === undefined;
    const asksByName =
      exec.clusterName !== undefined && exec.clusterId === undefined && exec.clusterName === cluster.name;
    if (!isLocal || !asksByName || exec.clusterName === id || !canCause401(facts)) return [];
    const isAccepted = knownValue(facts.evidence.tokenNames)?.some(
      ({ name, accepted }) => name === id && accepted,
    );
    if (isAccepted === true) return [];
    const args = withFlag(withoutFlags(exec.args, ["--cluster-name"]), "--cluster-id", id ?? "CLUSTER_ID");
    const command = exec.tool === "aws" ? setExecArgs(facts, args) : undefined;
    return [
      {
        cause: "K12",
        stage: "kubeconfig",
        severity: "error",
        confidence: symptom === undefined ? "likely" : "certain",
        summary: `Cluster ${cluster.name} is a local one on an Outpost: its tokens must be signed for its id${id === undefined ? "" : ` ${id}`}, not for its name.`,
        evidence: [
          "DescribeCluster has outpostConfig, without etcdInstanceType.",
          `The arguments of the exec block say --cluster-name ${exec.clusterName}, and no --cluster-id.`,
        ],
        falsifiedBy: "A token signed for the name is accepted by this API server.",
        fixes: [
          regenerateEntry(facts, "Write the entry anew with an AWS CLI that knows local clusters."),
          ...(command === undefined
            ? []
            : [
                {
                  audience: "you",
                  description: "Or name the cluster by its id.",
                  actions: [command],
                } as const,
              ]),
        ],
        explains: ["K10", "E1", "A1"],
      },
    ];
  },
});
