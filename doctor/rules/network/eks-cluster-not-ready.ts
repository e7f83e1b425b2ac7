import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * States in which `update-kubeconfig` writes an entry, and the API server answers.
 * Source: doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
const READY: readonly string[] = ["ACTIVE", "UPDATING"];

export const eksClusterNotReady = defineLegacyRule({
  code: "eks-cluster-not-ready",
  stage: "network",
  causes: ["N10"],
  expects: "the cluster is ACTIVE or UPDATING",
  needs: [],
  judge(facts) {
    const { symptom, cluster } = facts;
    const words = eksCall(facts)?.words ?? "";
    const [quoted, said] = /Cluster status is ([A-Z]+)/.exec(words) ?? [];
    const status = cluster?.status ?? said;
    const isAnswering = ["none", "forbidden"].includes(symptom?.kind ?? "");
    if (status === undefined || READY.includes(status) || isAnswering) return [];
    if (symptom?.kind === "aws-refused" && quoted === undefined) return [];
    const { cluster: name, region } = commandTarget(facts);
    return [
      {
        cause: "N10",
        stage: "network",
        severity: "error",
        confidence: symptom?.kind === "unauthorized" ? "likely" : "certain",
        summary: `Cluster ${name} is ${status}: it cannot be used ${status === "CREATING" ? "yet" : "now"}.`,
        evidence: [
          cluster?.status === undefined
            ? `The AWS CLI says “${quoted}”.`
            : `DescribeCluster says status ${status}.`,
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name, region, query: "cluster.status" })} says ACTIVE.`,
        fixes: [fix(status, name, region)],
        explains: ["N1", "N5"],
      },
    ];
  },
});

function fix(status: string, name: string, region: string): Fix {
  if (status === "CREATING" || status === "PENDING") {
    return {
      audience: "you",
      description: "Wait until it is ready, then try again.",
      actions: [aws("eks wait cluster-active", { name, region })],
    };
  }
  return {
    audience: "cluster-admin",
    description:
      status === "DELETING"
        ? "Somebody is deleting it: see whether that is meant; nothing stops it any more."
        : "See what EKS says of its health; a cluster that failed while it was made must be made anew.",
    actions: [aws("eks describe-cluster", { name, region, query: "cluster.health" })],
  };
}
