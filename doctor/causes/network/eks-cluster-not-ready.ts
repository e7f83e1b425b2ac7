import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";

/**
 * States in which `update-kubeconfig` writes an entry, and the API server answers. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
const READY: readonly string[] = ["ACTIVE", "UPDATING"];

export const eksClusterNotReady = defineRule({
  cause: {
    id: "N10",
    what: "The cluster is not ready.",
    seen: "Cluster status is CREATING",
    remedy: "Wait until the cluster is ready, then try again.",
  },
  expects: "the cluster is ACTIVE or UPDATING",
  check(_, seen) {
    const kind = seen.symptom?.kind;
    if (kind === "none" || kind === "forbidden") return doesNotApply("the API server answers");
    const [quoted, said = quoted && "not ACTIVE"] =
      /Cluster status (?:is ([A-Z]+)|not active)/.exec(seen.eksCall?.words ?? seen.pastedError ?? "") ?? [];
    if (kind === "aws-refused" && quoted === undefined) return doesNotApply("AWS rejected the call");
    const status = seen.cluster?.status ?? said;
    if (status === undefined || READY.includes(status)) return passed;
    return found({
      confidence: kind === "unauthorized" ? "likely" : "certain",
      explains: ["N1", "N5"],
      describe: (facts) => describe(facts, status, quoted),
    });
  },
});

function describe({ cluster, target }: Facts, status: string, quoted: string | undefined) {
  const { cluster: name, region } = target;
  return {
    summary: `Cluster ${name} is ${status}: it cannot be used ${status === "CREATING" ? "yet" : "now"}.`,
    evidence: [
      cluster?.status === undefined
        ? `The AWS CLI reports “${quoted}”.`
        : `DescribeCluster reports status ${status}.`,
    ],
    falsifiedBy: sentence`${aws("eks describe-cluster", { name, region, query: "cluster.status" })} returns ACTIVE.`,
    fixes: [fix(status, name, region)],
  };
}

function fix(status: string, name: string, region: string): Fix {
  if (status === "CREATING" || status === "PENDING") {
    return forYou(
      "Wait until it is ready, then try again.",
      aws("eks wait cluster-active", { name, region }),
    );
  }
  return forClusterAdmin(
    status === "DELETING"
      ? "The cluster is being deleted. Check whether that is intended; the deletion cannot be stopped."
      : "Check the health issues that EKS reports; a cluster whose creation failed must be recreated.",
    aws("eks describe-cluster", { name, region, query: "cluster.health" }),
  );
}
