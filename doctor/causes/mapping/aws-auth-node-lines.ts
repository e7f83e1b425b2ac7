import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { isExcerpt } from "../../evidence/evidence.ts";
import { addToAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * If only aws-auth maps callers, nodes need lines in it: rewriting the ConfigMap without them makes all nodes lose access. A
 * cluster without such nodes looks the same, so it is a warning if the failure is not about nodes.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthNodeLines = defineRule({
  causes: [
    {
      id: "A10",
      what: "The lines of the nodes were lost when the ConfigMap was replaced.",
      seen: "nodes NotReady",
    },
  ],
  expects: "aws-auth names the roles of the nodes, where nothing else lets nodes in",
  needs: ["authenticationMode"],
  check({ authenticationMode }, seen) {
    if (authenticationMode !== "CONFIG_MAP") return doesNotApply("access entries let nodes in");
    const view = seen.awsAuthView;
    if (view === undefined) return doesNotApply("there is no aws-auth");
    if (view.awsAuth.roles.syntaxError !== undefined) return doesNotApply("mapRoles cannot be read");
    if (view.entries.some(isForNodes)) return passed;
    if (isExcerpt(seen.evidence, "awsAuth")) return cannotTell("awsAuth");
    const { isAboutNodes } = seen;
    return found({
      severity: isAboutNodes ? "error" : "warning",
      confidence: isAboutNodes ? "certain" : "likely",
      describe: (facts) => ({
        summary: "aws-auth has no line for nodes, and in mode CONFIG_MAP nothing else lets nodes in.",
        evidence: [
          "The mode is CONFIG_MAP.",
          `aws-auth names ${view.entries.map(({ arn }) => arn).join(", ") || "nobody"}, none with a username system:node:… or the group system:nodes.`,
        ],
        falsifiedBy: sentence`${kubectl("get nodes")} shows nodes that are Ready.`,
        fixes: [
          addToAwsAuth(
            facts,
            "Restore the line of the node role; NODE_ROLE_ARN is the role of the instances, without its path.",
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
        hinted: true,
        summary: `In cluster ${target.cluster}, neither aws-auth nor an access entry maps the nodes' role: its line was lost or has another user name, or its entry is missing or of the wrong type.`,
        hints: ["The failure is that of nodes."],
        audience: "cluster-admin",
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the lines with system:nodes.`,
      }),
    },
  },
});

function isForNodes({ username, groups }: PlacedEntry): boolean {
  return username.startsWith("system:node:") || groups.some((group) => group.includes("system:nodes"));
}
