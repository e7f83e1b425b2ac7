import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

const EC2_NAME = "system:node:{{EC2PrivateDNSName}}";
/** Fargate, hybrid nodes. Source: doctor/EKS-ACCESS.md, "Access entries". */
const SESSION_NAME = "system:node:{{SessionName}}";

/**
 * A node has no rights unless its username is derived from the name of its Node object. Source: doctor/EKS-ACCESS.md, "aws-auth",
 * unconfirmed.
 */
export const awsAuthNodeUsername = defineAwsAuthLineRule({
  causes: [
    {
      id: "A17",
      what: "The username template of the nodes was changed under running nodes.",
      seen: "running nodes lose access",
      isUnconfirmed: true,
    },
  ],
  expects: "nodes have the username system:node: and their name",
  wrong: "is for nodes and gives them a username that is not their node's",
  falsifiedBy: "The nodes of that role are Ready.",
  description: `Restore the username ${EC2_NAME}.`,
  confidence: () => "likely",
  warningConfidence: "likely",
  faultOf({ username, groups }, seen) {
    const isRight = username === EC2_NAME || username === SESSION_NAME || /[<>]/.test(username);
    if (isRight || !groups.includes("system:nodes")) return undefined;
    return {
      detail: username || "no username",
      isCallers: seen.isAboutNodes,
      right: { username: EC2_NAME },
    };
  },
});
