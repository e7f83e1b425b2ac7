import { sentence } from "../../token/command/sentence.ts";
import { commandTarget } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { lessSure, refusalConfidence } from "../facts/mapping-bearing.ts";
import type { Principal } from "../facts/principal.ts";
import { principalArn } from "../facts/principal-arn.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../fixes/access-entry-actions.ts";
import { aws } from "../fixes/aws.ts";
import type { Fix } from "../fixes/fix.ts";
import { defineRule, type Finding } from "../rule.ts";

/** Prefixes that entries refuse. Source: eks-auth, B2, "groups". */
const RESERVED = /^system:/;

export const eksModeIgnoresAwsAuth = defineRule({
  code: "eks-mode-ignores-aws-auth",
  causes: ["M2"],
  expects: "who is listed in aws-auth only is on a cluster that reads it",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal } = facts;
    const { awsAuthMatch, entry, entriesKnown } = mapping;
    const sureness = surenessOf(facts);
    if (sureness === undefined || awsAuthMatch === undefined || entry !== undefined) return [];
    const { cluster } = commandTarget(facts);
    return [
      {
        cause: "M2",
        stage: "mode",
        severity: "error",
        ...sureness,
        summary: `${principal.canonicalArn} is listed in aws-auth only, and cluster ${cluster} (mode API) does not read aws-auth.`,
        evidence: [
          facts.mode === undefined
            ? "The mode is not known; entries can be listed, and the API server answers 401 to somebody whom aws-auth lists."
            : "accessConfig.authenticationMode is API.",
          `aws-auth has it under ${awsAuthMatch.by}: username ${awsAuthMatch.username}, groups ${awsAuthMatch.groups.join(", ") || "none"}.`,
          entriesKnown
            ? "The list of access entries does not have it."
            : "The list of access entries is not known.",
        ],
        falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": cluster })} has the role (with its path).`,
        fixes: fixes(facts, principal),
        explains: ["E1", "A1", "A2", "A3", "A13", "A16"],
      },
    ];
  },
});

/** The mode may also show in this: in both other modes such a caller would be let in, or entries could not be listed. */
function surenessOf(facts: Facts): Pick<Finding, "confidence" | "inferred"> | undefined {
  const { mode, mapping, symptom } = facts;
  const bearing = refusalConfidence(facts);
  if (bearing === undefined) return undefined;
  if (mode === "API") return { confidence: lessSure(bearing, mapping?.entriesKnown ? "certain" : "likely") };
  if (mode !== undefined || symptom?.kind !== "unauthorized" || mapping?.entriesKnown !== true)
    return undefined;
  return { confidence: "likely", inferred: true };
}

/** The same rights by entry: ordinary groups go along, `system:masters` is a policy there. */
function fixes(facts: Facts, principal: Principal): Fix[] {
  const target = commandTarget(facts);
  const who = principalArn(facts, principal);
  const groups = facts.mapping?.awsAuthMatch?.groups ?? [];
  const kept = groups.filter((group) => !RESERVED.test(group));
  const policy = groups.includes("system:masters") ? "AmazonEKSClusterAdminPolicy" : "AmazonEKSViewPolicy";
  const needsPolicy = kept.length === 0 || groups.includes("system:masters");
  return [
    {
      audience: "cluster-admin",
      description: "Make an access entry with the rights that aws-auth meant.",
      actions: [
        createEntry(target, who, { kubernetesGroups: kept }),
        ...(needsPolicy
          ? [
              associatePolicy(target, who, {
                policyArn: accessPolicyArn(target, policy),
                accessScope: CLUSTER_SCOPE,
              }),
            ]
          : []),
      ],
    },
  ];
}
