import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { tellsOfNodes } from "../../derive/mapping/node-trouble.ts";
import { addToAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * Where aws-auth alone decides, nodes need their lines in it: who writes the ConfigMap anew without them loses all nodes. A
 * cluster without nodes of that kind looks the same, so without a word of nodes it is a warning.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthNodeLines = defineLegacyRule({
  code: "aws-auth-node-lines",
  stage: "mapping",
  causes: ["A10"],
  expects: "aws-auth names the roles of the nodes, where nothing else lets nodes in",
  needs: ["mapping", "authenticationMode"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (
      view === undefined ||
      facts.authenticationMode !== "CONFIG_MAP" ||
      view.awsAuth.roles.syntaxError !== undefined
    )
      return [];
    const isForNodes = view.entries.some(
      ({ username, groups }) =>
        username.startsWith("system:node:") || groups.some((group) => group.includes("system:nodes")),
    );
    if (isForNodes) return [];
    const isTold = tellsOfNodes(facts);
    return [
      {
        cause: "A10",
        stage: "mapping",
        severity: isTold ? "error" : "warning",
        confidence: isTold ? "certain" : "likely",
        summary: "aws-auth has no line for nodes, and in mode CONFIG_MAP nothing else lets nodes in.",
        evidence: [
          "The mode is CONFIG_MAP.",
          `aws-auth names ${view.entries.map(({ arn }) => arn).join(", ") || "nobody"}, none with a username system:node:… or the group system:nodes.`,
        ],
        falsifiedBy: sentence`${kubectl("get nodes")} shows nodes that are Ready.`,
        fixes: [
          addToAwsAuth(
            facts,
            "Put the line of the node role back; NODE_ROLE_ARN is the role of the instances, without its path.",
            {
              section: "mapRoles",
              arn: "NODE_ROLE_ARN",
              username: "system:node:{{EC2PrivateDNSName}}",
              groups: ["system:bootstrappers", "system:nodes"],
            },
          ),
        ],
      },
    ];
  },
});
