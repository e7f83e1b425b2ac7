import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { platformNeed } from "../../derive/mapping/platform-version.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { aws } from "../../fixes/aws.ts";

/** Calls that an old platform refuses. */
const CALLS =
  /UpdateClusterConfig|CreateAccessEntry|AssociateAccessPolicy|authentication ?mode|access ?config/i;

/** The mode cannot be changed because the cluster's platform is from before access entries. */
export const eksPlatformTooOld = defineLegacyRule({
  code: "eks-platform-too-old",
  stage: "mode",
  causes: ["M6"],
  expects: "the cluster's platform version knows access entries",
  needs: ["cluster", "symptom"],
  judge(facts) {
    const need = platformNeed(facts.cluster);
    const { symptom } = facts;
    const call = eksCall(facts);
    const isRefused = symptom.kind === "aws-refused" || symptom.kind === "other";
    if (need?.isTooOld !== true || call === undefined || !isRefused) return [];
    if (
      !CALLS.test(`${call.operation ?? ""} ${call.words}`) ||
      /AccessDenied|not authorized/.test(call.words)
    )
      return [];
    const { cluster, region } = commandTarget(facts);
    return [
      {
        cause: "M6",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        summary: `Cluster ${cluster} cannot have access entries yet: it is on platform ${need.has} of Kubernetes ${need.version}, and they need ${need.least}.`,
        evidence: [
          `DescribeCluster says version ${need.version}, platformVersion ${need.has}.`,
          `EKS refuses: “${call.words.slice(0, 300)}”.`,
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name: cluster, query: "cluster.platformVersion" })} says ${need.least} or later.`,
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "Upgrade Kubernetes by one minor version: the new one starts on a platform of today.",
            actions: [
              aws("eks update-cluster-version", {
                name: cluster,
                region,
                "kubernetes-version": nextMinor(need.version),
              }),
            ],
          },
        ],
        explains: ["M1", "M3", "E1"],
      },
    ];
  },
});

function nextMinor(version: string): string {
  const [major = "1", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}`;
}
