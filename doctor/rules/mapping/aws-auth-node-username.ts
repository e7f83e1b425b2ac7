import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { tellsOfNodes } from "../../derive/mapping/node-trouble.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

const EC2_NAME = "system:node:{{EC2PrivateDNSName}}";
/** Fargate, hybrid nodes. Source: doctor/EKS-ACCESS.md, "Access entries". */
const SESSION_NAME = "system:node:{{SessionName}}";

/**
 * A node whose username is not that of its Node object may do nothing.
 * Source: doctor/EKS-ACCESS.md, "aws-auth", unconfirmed.
 */
export const awsAuthNodeUsername = defineLegacyRule({
  code: "aws-auth-node-username",
  stage: "mapping",
  causes: ["A17"],
  expects: "nodes have the username system:node: and their name",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const isTold = tellsOfNodes(facts);
    const lines = view.entries.flatMap((entry) => faulty(entry, isTold));
    return lineFindings(view, lines, {
      cause: "A17",
      confidence: isTold ? "likely" : undefined,
      warningConfidence: "likely",
      wrong: "is for nodes and gives them a username that is not their node's",
      falsifiedBy: "The nodes of that role are Ready.",
      description: `Restore the username ${EC2_NAME}.`,
    });
  },
});

function faulty({ arn, username, groups, section, index }: PlacedEntry, isTold: boolean): FaultyLine[] {
  const isForNodes = groups.includes("system:nodes");
  if (!isForNodes || username === EC2_NAME || username === SESSION_NAME || /[<>]/.test(username)) return [];
  return [
    {
      section,
      index,
      written: `${sayLine(section, index, arn)} (${username || "no username"})`,
      isCallers: isTold,
      right: { username: EC2_NAME },
    },
  ];
}
