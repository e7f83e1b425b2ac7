import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isNodeGroupRefused, neededType, nodeEntry, saidType } from "../../derive/mapping/node-entry.ts";
import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { isInstanceSession } from "../../eks/principal/username-template.ts";
import { policyName } from "../../eks/rbac/access-policies.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import {
  associateClusterWide,
  createEntry,
  deleteEntry,
  describeEntry,
  listPolicies,
} from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";

const AUTO_NODE_POLICY = "AmazonEKSAutoNodePolicy";

/** The access entry of the nodes' role: its type, and the policy of Auto Mode. */
export const eksNodeEntry = defineRule({
  cause: {
    id: "E14",
    what: "The access entry of the Auto Mode node role (type EC2) does not have policy AmazonEKSAutoNodePolicy.",
    seen: "nodes NotReady, or not registered",
    remedy:
      "Cluster admin: associate AmazonEKSAutoNodePolicy with the node role's entry, for the whole cluster.",
  },
  alsoFinds: ["E6"],
  expects: "the nodes' access entry has the right type and, for Auto Mode, the right policy",
  check(_, seen) {
    const isRefused = isNodeGroupRefused(seen);
    if (!isRefused && !seen.isAboutNodes) return doesNotApply("the failure is not about nodes");
    const entry = nodeEntry(seen);
    if (entry?.type === undefined) {
      const principalArn = roleInDenial(seen);
      return principalArn === undefined
        ? cannotTell("accessEntryDetails")
        : found({ ...ofType(seen, { principalArn }, saidType(seen)), confidence: "likely", inferred: true });
    }
    const needed = neededType(seen, entry);
    if (needed !== undefined) {
      const conclusion = ofType(seen, entry, entry.type === "STANDARD" ? saidType(seen) : needed);
      // A cluster has several kinds of nodes, and words do not show whose entry it is.
      const isByWords = entry.type !== "STANDARD" && roleInDenial(seen) === undefined;
      return found(isByWords ? { ...conclusion, confidence: "possible", inferred: true } : conclusion);
    }
    if (entry.type !== "EC2") return passed;
    const policies = policiesOf(seen, entry);
    if (policies === undefined) return cannotTell("associatedPolicies");
    return policies.includes(AUTO_NODE_POLICY) ? passed : found(withoutPolicy(entry, policies));
  },
  suspected: {
    nodes: {
      causes: ["E14"],
      suspicion: (facts) => {
        const said = saidType(facts) ?? "unknown";
        if (said !== "EC2" && said !== "unknown") return undefined;
        const { target } = facts;
        const role = nodeEntry(facts)?.principalArn ?? "NODE_ROLE_ARN";
        const fault = `the EKS Auto Mode node role in cluster ${target.cluster} does not have an access entry of type EC2 with ${AUTO_NODE_POLICY}`;
        const isHinted = said === "EC2";
        return {
          summary: isHinted ? `T${fault.slice(1)}.` : `If these are Auto Mode nodes: ${fault}.`,
          hints: isHinted
            ? [
                "The failure is about Auto Mode nodes; EKS creates this access entry only for its built-in node pools.",
              ]
            : [],
          audience: "cluster-admin",
          confirmedBy: sentence`${listPolicies(target, role)} does not list ${AUTO_NODE_POLICY}.`,
        };
      },
    },
  },
});

function policiesOf({ evidence }: Facts, { principalArn }: AccessEntryJson): string[] | undefined {
  return knownValue(evidence.associatedPolicies)
    ?.find((one) => isSamePrincipal(one.principalArn, principalArn))
    ?.associatedAccessPolicies.map(({ policyArn }) => policyName(policyArn));
}

/**
 * The role of a node to which the cluster assigns the username of a STANDARD entry, its session's ARN.
 *
 * Source: doctor/EKS-ACCESS.md, "Kinds of refusal".
 */
function roleInDenial({ symptom }: Facts): string | undefined {
  const node = symptom?.kind === "forbidden" ? principalOfArn(symptom.user) : undefined;
  return node !== undefined && isInstanceSession(node) ? node.canonicalArn : undefined;
}

/**
 * A denial of the entry's own session proves how the cluster maps the nodes; a 401 or a node that is NotReady does not. Without
 * the type that the nodes need, that of most nodes.
 */
function ofType(seen: Facts, entry: AccessEntryJson, needed: string | undefined): Conclusion {
  const { symptom } = seen;
  const { principalArn, type = "STANDARD", username } = entry;
  const isMapped = symptom?.kind === "forbidden" && isSamePrincipal(symptom.user, principalArn);
  const isSure = type === "STANDARD" && (isMapped || isNodeGroupRefused(seen));
  const right = needed ?? "EC2_LINUX";
  return {
    cause: "E6",
    confidence: isSure ? "certain" : "likely",
    explains: ["E8", "E6", "E5", "A10"],
    describe: ({ target }) => ({
      summary: `The node access entry for ${principalArn} in ${target.cluster} has type ${type}, ${type === "STANDARD" ? "which is not for nodes" : `but these nodes need type ${right}`}.`,
      evidence: [
        entry.type && `DescribeAccessEntry reports type ${type}, username ${username ?? "not known"}.`,
        isMapped && `The denial is for user "${symptom.user}", not system:node:….`,
      ],
      falsifiedBy: sentence`${describeEntry(target, principalArn)} reports type ${right}, or nodes with this role are Ready.`,
      fixes: [
        forClusterAdmin(
          `Delete the access entry and create it with type ${right}${needed === undefined ? " (Windows nodes: EC2_WINDOWS; Auto Mode: EC2; hybrid nodes: HYBRID_LINUX)" : ""}, since the type cannot be changed. If users or CI jobs also use this role, create a separate role for the nodes instead.`,
          deleteEntry(target, principalArn),
          createEntry(target, principalArn, { type: right }),
          ...(right === "EC2" ? [associateClusterWide(target, principalArn, AUTO_NODE_POLICY)] : []),
        ),
      ],
    }),
  };
}

function withoutPolicy({ principalArn }: AccessEntryJson, policies: readonly string[]): Conclusion {
  return {
    confidence: "likely",
    describe: ({ target }) => ({
      summary: `The Auto Mode access entry for ${principalArn} in ${target.cluster} does not have ${AUTO_NODE_POLICY}.`,
      evidence: [
        "DescribeAccessEntry reports type EC2, which EKS Auto Mode uses.",
        `Associated policies: ${policies.join(", ") || "none"}.`,
      ],
      falsifiedBy: sentence`${listPolicies(target, principalArn)} lists ${AUTO_NODE_POLICY}.`,
      fixes: [
        forClusterAdmin(
          "Associate the policy with the whole cluster, as EKS does for its built-in node pools.",
          associateClusterWide(target, principalArn, AUTO_NODE_POLICY),
        ),
      ],
    }),
  };
}
