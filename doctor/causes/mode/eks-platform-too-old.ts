import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { platformNeed } from "../../eks/mapping/platform-version.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";

/** Calls that an old platform version refuses. */
const CALLS =
  /UpdateClusterConfig|CreateAccessEntry|AssociateAccessPolicy|authentication ?mode|access ?config/i;

/** The mode cannot be changed because the cluster's platform version is too old for access entries. */
export const eksPlatformTooOld = defineRule({
  cause: {
    id: "M6",
    what: "The cluster's platform version is too old for access entries.",
    seen: "the mode change fails",
    remedy:
      "Cluster admin: upgrade Kubernetes by one minor version, which brings a current platform version.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
  },
  expects: "the cluster's platform version supports access entries",
  needs: ["eksCall", "symptom"],
  check({ eksCall: { operation = "", words }, symptom }, seen) {
    if (symptom.kind !== "aws-refused" && symptom.kind !== "other")
      return doesNotApply("EKS did not refuse a call");
    if (!CALLS.test(`${operation} ${words}`)) return doesNotApply("the call does not need access entries");
    if (/AccessDenied|not authorized/.test(words)) return doesNotApply("the call lacks an IAM permission");
    const { cluster } = seen;
    if (cluster === undefined)
      return REFUSED_STEP.test(words) ? found(unseenPlatform(words)) : cannotTell("cluster");
    const need = platformNeed(cluster);
    if (need?.isTooOld !== true) return passed;
    return found({
      confidence: "certain",
      explains: ["M1", "M3", "E1"],
      describe: ({ target }) => ({
        summary: `Cluster ${target.cluster} does not support access entries yet: it runs platform version ${need.has} (Kubernetes ${need.version}), but they need ${need.least}.`,
        evidence: [
          `DescribeCluster reports version ${need.version}, platformVersion ${need.has}.`,
          `EKS returned: “${words.slice(0, 300)}”.`,
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, query: "cluster.platformVersion" })} returns ${need.least} or later.`,
        fixes: [
          forClusterAdmin(
            "Upgrade Kubernetes by one minor version: the new version starts on a current platform version.",
            aws("eks update-cluster-version", {
              name: target.cluster,
              region: target.region,
              "kubernetes-version": nextMinor(need.version),
            }),
          ),
        ],
      }),
    });
  },
});

/** The step that every cluster accepts whose platform version supports access entries. */
const REFUSED_STEP = /Unsupported authentication mode update from CONFIG_MAP to API_AND_CONFIG_MAP/;

function unseenPlatform(words: string): Conclusion {
  return {
    confidence: "likely",
    describe: ({ target }) => {
      const describeCluster = aws("eks describe-cluster", {
        name: target.cluster,
        region: target.region,
        query: "cluster.[version,platformVersion]",
      });
      return {
        summary: `Cluster ${target.cluster} does not support access entries yet: its platform version is too old.`,
        evidence: [`EKS returned: “${words.trim().slice(0, 300)}”.`],
        falsifiedBy: sentence`${describeCluster} shows Kubernetes 1.31 or later.`,
        fixes: [
          forClusterAdmin(
            "Check which version it runs; the next Kubernetes minor version starts on a current platform version.",
            describeCluster,
          ),
        ],
      };
    },
  };
}

function nextMinor(version: string): string {
  const [major = "1", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}`;
}
