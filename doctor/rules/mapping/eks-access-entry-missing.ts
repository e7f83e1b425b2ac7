import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import type { NearMiss } from "../../derive/mapping/access-entry.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { awsAuthTexts } from "../../derive/mapping/aws-auth.ts";
import { hasContextForCertainty } from "../../derive/mapping/context-for-certainty.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { failureOf } from "../../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
} from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Action } from "../../fixes/fix.ts";

/** Nobody maps the caller: no access entry, and no line in aws-auth where the cluster reads it. */
export const eksAccessEntryMissing = defineLegacyRule({
  code: "eks-access-entry-missing",
  stage: "mapping",
  causes: ["E1"],
  expects: "the caller has an access entry, or a line in an aws-auth that counts",
  needs: ["principal", "mapping"],
  judge(facts) {
    const { principal, mapping, authenticationMode } = facts;
    const sureness = surenessOf(facts);
    if (
      sureness === undefined ||
      authenticationMode === "CONFIG_MAP" ||
      !["role", "user"].includes(principal.kind)
    )
      return [];
    const { cluster } = commandTarget(facts);
    return [
      {
        cause: "E1",
        stage: "mapping",
        severity: "error",
        ...sureness,
        summary: `${principal.canonicalArn} has no access entry in cluster ${cluster}${authenticationMode === "API" ? "" : ", and no line in aws-auth that counts"}.`,
        evidence: [
          `AWS says that the caller is ${principal.arn}.`,
          ...(authenticationMode === undefined
            ? []
            : [`accessConfig.authenticationMode is ${authenticationMode}.`]),
          entrySentence(facts),
          ...(authenticationMode === "API" ? [] : [awsAuthSentence(mapping.awsAuth)]),
        ],
        falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": cluster })} has this role or user, whatever its path.`,
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "Make an access entry, and give it the policy that fits; AmazonEKSViewPolicy is the least.",
            actions: entryCommands(facts, principal),
          },
        ],
        explains: ["A1"],
      },
    ];
  },
});

/** Undefined: somebody maps the caller, it cannot be known, or a finding that knows better speaks. */
function surenessOf(facts: Facts): { readonly confidence: Confidence; readonly inferred?: true } | undefined {
  const { mapping, authenticationMode, evidence, symptom, principal } = facts;
  const bearing = authFailureConfidence(facts);
  if (mapping === undefined || bearing === undefined || mapping.entry !== undefined) return undefined;
  if (mapping.awsAuthMatch !== undefined) return undefined;
  const isRenamed = ({ differs }: NearMiss) =>
    differs === "permission-set" || (differs === "path" && principal?.kind === "user");
  if (mapping.nearMisses.some(isRenamed)) return undefined;
  if (mapping.by === "nobody") {
    const mentioned =
      authenticationMode !== "API" && principal !== undefined && isMentioned(facts, principal);
    if (mentioned) return { confidence: minConfidence(bearing, "likely"), inferred: true };
    return { confidence: hasContextForCertainty(facts) ? bearing : minConfidence(bearing, "likely") };
  }
  if (symptom?.kind !== "unauthorized") return undefined;
  if (mapping.entriesKnown) return { confidence: "likely" };
  // Where EKS knows no such cluster, it was asked in another account or region: that says nothing of entries.
  const missing = /ResourceNotFoundException(?!.{0,300}No cluster found)/.test(
    failureOf(evidence.accessEntryDetails) ?? "",
  );
  return missing ? { confidence: "likely", inferred: true } : undefined;
}

/** aws-auth names the caller, or may: then a fault in that line is the better explanation. */
function isMentioned({ evidence, mapping }: Facts, { name }: Principal): boolean {
  const { awsAuth } = mapping ?? {};
  if (!awsAuth) return false;
  const isBroken =
    awsAuth.ignoredKeys.length > 0 ||
    [awsAuth.roles, awsAuth.users].some(({ syntaxError }) => syntaxError !== undefined);
  const text = Object.values(awsAuthTexts(evidence.awsAuth)).join("\n");
  return isBroken || text.toLowerCase().includes(name.toLowerCase());
}

function entrySentence({ mapping, evidence }: Facts): string {
  if (mapping?.entriesKnown === true) return "The list of access entries does not have it.";
  return `DescribeAccessEntry says: ${failureOf(evidence.accessEntryDetails)}`;
}

function awsAuthSentence(awsAuth: NonNullable<Facts["mapping"]>["awsAuth"]): string {
  if (awsAuth === undefined) return "What aws-auth says is not known, but the API server answers 401.";
  return awsAuth === null ? "There is no ConfigMap kube-system/aws-auth." : "aws-auth has no line for it.";
}

function entryCommands(facts: Facts, principal: Principal): Action[] {
  const target = commandTarget(facts);
  const who = principalArn(facts, principal);
  return [
    createEntry(target, who),
    associatePolicy(target, who, {
      policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"),
      accessScope: CLUSTER_SCOPE,
    }),
  ];
}
