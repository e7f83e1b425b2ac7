import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/** Prefixes that entries refuse. Source: doctor/EKS-ACCESS.md, "Access entries". */
const RESERVED = /^system:/;

export const eksModeIgnoresAwsAuth = defineLegacyRule({
  code: "eks-mode-ignores-aws-auth",
  stage: "mode",
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
          facts.authenticationMode === undefined
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
function surenessOf(facts: Facts): Pick<LegacyFinding, "confidence" | "inferred"> | undefined {
  const { authenticationMode, mapping, symptom } = facts;
  const bearing = authFailureConfidence(facts);
  if (bearing === undefined) return undefined;
  if (authenticationMode === "API")
    return { confidence: minConfidence(bearing, mapping?.entriesKnown ? "certain" : "likely") };
  if (authenticationMode !== undefined || symptom?.kind !== "unauthorized" || mapping?.entriesKnown !== true)
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
