import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";

const EC2_NAME = "system:node:{{EC2PrivateDNSName}}";
/** Fargate, hybrid nodes. Source: doctor/EKS-ACCESS.md, "Access entries". */
const SESSION_NAME = "system:node:{{SessionName}}";

/**
 * A node does not have permissions unless its username is derived from the name of its Node object. Source: doctor/EKS-ACCESS.md, "aws-auth",
 * unconfirmed.
 */
export const awsAuthNodeUsername = defineAwsAuthLineRule({
  cause: {
    id: "A17",
    what: "The username template of the nodes was changed while nodes were running.",
    seen: "running nodes lose access",
    remedy: "Cluster admin: restore the username system:node:{{EC2PrivateDNSName}}.",
    isUnconfirmed: true,
  },
  expects: "nodes have a username of system:node: plus their name",
  wrong: "would map nodes to a username other than system:node: plus their name",
  falsifiedBy: "The nodes with that role are Ready.",
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
