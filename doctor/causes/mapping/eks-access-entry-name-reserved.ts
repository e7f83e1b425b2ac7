import { sentence } from "../../../token/command/sentence.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import {
  associateClusterWide,
  createEntry,
  deleteEntry,
  describeEntry,
} from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { defineEksRefusalRule } from "../shared/eks-refusal-rule.ts";

/** Source: doctor/EKS-ACCESS.md, "Access entries". */
const RESERVED =
  /The kubernetes group name (\S+) is invalid, it cannot start with (\S+)|The username must not begin with (\S+)/;

export const eksAccessEntryNameReserved = defineEksRefusalRule({
  cause: {
    id: "E8",
    what: "The requested group or username begins with `system:`.",
    seen: "cannot start with system:",
    remedy: "Cluster admin: create the entry without the system: group, and associate an access policy.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  alsoFinds: ["E6"],
  expects: "the groups and username of an access entry do not begin with a reserved prefix",
  pattern: RESERVED,
  explains: ["E1", "M1", "M2"],
  isWithout: ({ groups, command }) =>
    !groups.some((group) => group.startsWith("system:")) && !/--username[= ]system:/.test(command),
  conclude: ({ call, match }) =>
    isForNodes(match) && changesEntry(call) ? { cause: "E6", confidence: "likely" } : {},
  describe({ call, match }, { target }) {
    if (isForNodes(match))
      return changesEntry(call) ? describeType(call, target) : describeNodes(call, target);
    const [, group, ofGroup, ofUser] = match;
    const prefix = (ofGroup ?? ofUser ?? "").replace(/\.$/, "");
    const what = group === undefined ? "This username" : `Group ${group}`;
    const instead = group === "system:masters" ? "; admins need a policy instead" : "";
    return {
      summary: `${what} is not allowed in an access entry: EKS reserves names that begin with ${prefix}${instead}.`,
      falsifiedBy: "The same request without that name fails with the same message.",
      fixes: [group === undefined ? otherUsername(call, target) : policyInstead(call, target, group)],
    };
  },
});

function isForNodes([, group = "", , ofUser = ""]: RegExpExecArray): boolean {
  return (
    /^system:(?:nodes|bootstrappers|node-proxier)$/.test(group) || ofUser.replace(/\.$/, "") === "system:node"
  );
}

function changesEntry({ operation }: EksCall): boolean {
  return operation === "UpdateAccessEntry";
}

/** Nodes have an entry for users, and EKS denies what they lack: its type is wrong. */
function describeType({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget) {
  return {
    summary: `The access entry for ${principalArn} in ${target.cluster} has type STANDARD, which is for users, but nodes use it.`,
    falsifiedBy: sentence`${describeEntry(target, principalArn)} reports a node type.`,
    fixes: [
      forClusterAdmin(
        "Delete the access entry and recreate it with the type of these nodes, since the type cannot be changed. For Linux nodes it is EC2_LINUX; others are EC2_WINDOWS, HYBRID_LINUX, FARGATE_LINUX, and EC2 for Auto Mode.",
        deleteEntry(target, principalArn),
        createEntry(target, principalArn, { type: "EC2_LINUX" }),
      ),
    ],
  };
}

/** An entry with a node type already has these names. Source: doctor/EKS-ACCESS.md, "Access entries". */
function describeNodes({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget) {
  return {
    summary:
      "Node usernames and groups are not allowed in an access entry of type STANDARD; node types set them automatically.",
    falsifiedBy:
      "The same request with a node type and without username and groups fails with the same message.",
    fixes: [
      forClusterAdmin(
        "For the role of Linux nodes, create the access entry with type EC2_LINUX; other types are EC2_WINDOWS, HYBRID_LINUX, FARGATE_LINUX, and EC2 for Auto Mode.",
        createEntry(target, principalArn, { type: "EC2_LINUX" }),
      ),
    ],
  };
}

function policyInstead(
  { principalArn = "PRINCIPAL_ARN", groups }: EksCall,
  target: EksTarget,
  group: string,
): Fix {
  const isMasters = group === "system:masters";
  const kubernetesGroups = groups.filter((name) => !name.startsWith("system:"));
  const policy = isMasters ? "AmazonEKSClusterAdminPolicy" : "AmazonEKSViewPolicy";
  return forClusterAdmin(
    isMasters
      ? "Create the access entry without the group, and associate the policy with the same permissions."
      : "Create the access entry without the group, and associate a suitable policy or use a custom group.",
    createEntry(target, principalArn, { kubernetesGroups }),
    associateClusterWide(target, principalArn, policy),
  );
}

function otherUsername({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget): Fix {
  return forClusterAdmin(
    "Omit the username: EKS then uses the caller's ARN with the session name.",
    createEntry(target, principalArn),
  );
}
