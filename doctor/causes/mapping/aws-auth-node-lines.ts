import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { isExcerpt } from "../../evidence/evidence.ts";
import { addToAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * If only aws-auth maps callers, nodes need mappings in it: rewriting the ConfigMap without them makes all nodes lose access. A
 * cluster without such nodes looks the same, so it is a warning if the failure is not about nodes.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthNodeLines = defineRule({
  cause: {
    id: "A10",
    what: "The node mappings were lost when ConfigMap aws-auth was replaced.",
    seen: "nodes NotReady",
    remedy: "Cluster admin: restore the mapping of the node role.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth maps the node roles if nothing else does",
  needs: ["authenticationMode"],
  check({ authenticationMode }, seen) {
    if (authenticationMode !== "CONFIG_MAP") return doesNotApply("access entries map the nodes");
    const view = seen.awsAuthView;
    if (view === undefined) return doesNotApply("ConfigMap aws-auth does not exist");
    if (view.awsAuth.roles.syntaxError !== undefined) return doesNotApply("mapRoles cannot be parsed");
    if (view.entries.some(isForNodes)) return passed;
    if (isExcerpt(seen.evidence, "awsAuth")) return cannotTell("awsAuth");
    const { isAboutNodes } = seen;
    return found({
      severity: isAboutNodes ? "error" : "warning",
      confidence: isAboutNodes ? "certain" : "likely",
      describe: (facts) => ({
        summary: "aws-auth does not map any node role, and in mode CONFIG_MAP nothing else maps nodes.",
        evidence: [
          "The authentication mode is CONFIG_MAP.",
          `Mapped in aws-auth: ${view.entries.map(({ arn }) => arn).join(", ") || "none"}; none with a username system:node:… or the group system:nodes.`,
        ],
        falsifiedBy: sentence`${kubectl("get nodes")} lists nodes that are Ready.`,
        fixes: [
          addToAwsAuth(
            facts,
            "Restore the mapping of the node role. NODE_ROLE_ARN is the ARN of the instances' role, without its path.",
            {
              section: "mapRoles",
              arn: "NODE_ROLE_ARN",
              username: "system:node:{{EC2PrivateDNSName}}",
              groups: ["system:bootstrappers", "system:nodes"],
            },
          ),
        ],
      }),
    });
  },
  suspected: {
    nodes: {
      causes: ["A10", "A17", "A1", "E1", "E6"],
      suspicion: ({ target }) => ({
        summary: `Cluster ${target.cluster} does not map the node role: its aws-auth mapping or access entry is missing or has the wrong username or type.`,
        hints: ["The failure involves nodes."],
        audience: "cluster-admin",
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the mappings with group system:nodes.`,
      }),
    },
  },
});

function isForNodes({ username, groups }: PlacedEntry): boolean {
  return username.startsWith("system:node:") || groups.some((group) => group.includes("system:nodes"));
}
