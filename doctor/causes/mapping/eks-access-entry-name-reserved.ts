import { sentence } from "../../../token/command/sentence.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";
import type { EksTarget } from "../../derive/target/eks-target.ts";
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
  causes: [
    {
      id: "E8",
      what: "A group or username is requested that begins with `system:`.",
      seen: "cannot start with system:",
    },
    "E6",
  ],
  expects: "groups and username of an access entry do not begin with a reserved word",
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
    const what = group === undefined ? "this username" : `the group ${group}`;
    const instead = group === "system:masters" ? ", and administrators get a policy instead" : "";
    return {
      summary: `EKS refuses ${what} in an access entry: names that begin with ${prefix} are reserved${instead}.`,
      falsifiedBy: "The same request without that name is refused with the same message.",
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

/** Nodes have an entry for people, and what they lack is refused: its type is wrong. */
function describeType({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget) {
  return {
    summary: `The access entry of ${principalArn} in ${target.cluster} has type STANDARD, which is for people, but nodes use it.`,
    falsifiedBy: sentence`${describeEntry(target, principalArn)} returns a type for nodes.`,
    fixes: [
      forClusterAdmin(
        "Delete the entry and create it with the type of these nodes: an entry's type cannot be changed. For Linux nodes it is EC2_LINUX; others are EC2_WINDOWS, HYBRID_LINUX, FARGATE_LINUX, and EC2 for Auto Mode.",
        deleteEntry(target, principalArn),
        createEntry(target, principalArn, { type: "EC2_LINUX" }),
      ),
    ],
  };
}

/** An entry of a type for nodes brings these names itself. Source: doctor/EKS-ACCESS.md, "Access entries". */
function describeNodes({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget) {
  return {
    summary:
      "EKS refuses the names of nodes in an access entry of type STANDARD: an entry of a type for nodes has them by itself.",
    falsifiedBy:
      "The same request with a type for nodes, and without username and groups, is refused with the same message.",
    fixes: [
      forClusterAdmin(
        "For the role of Linux nodes, create the entry with their type; others are EC2_WINDOWS, HYBRID_LINUX, FARGATE_LINUX, and EC2 for Auto Mode.",
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
      ? "Create the entry without the group, and associate the policy with the same rights."
      : "Create the entry without the group, and associate the policy that fits, or name a group of your own.",
    createEntry(target, principalArn, { kubernetesGroups }),
    associateClusterWide(target, principalArn, policy),
  );
}

function otherUsername({ principalArn = "PRINCIPAL_ARN" }: EksCall, target: EksTarget): Fix {
  return forClusterAdmin(
    "Leave the username out: EKS then uses the caller's ARN with the session's name.",
    createEntry(target, principalArn),
  );
}
