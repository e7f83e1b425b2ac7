import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { authFailureConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { saysConfigMapMode } from "../../derive/mapping/authentication-mode.ts";
import { mapsPeople } from "../../derive/mapping/aws-auth-people.ts";
import { platformNeed } from "../../derive/mapping/platform-version.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { failureOf } from "../../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
  setMode,
} from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * The cluster reads aws-auth only, and somebody wants to come in by access entry. Where aws-auth maps people, and the
 * caller alone is missing there, that is not the mode's fault (A1).
 */
export const eksModeConfigMap = defineLegacyRule({
  code: "eks-mode-config-map",
  stage: "mode",
  causes: ["M1"],
  expects: "the cluster reads access entries",
  needs: ["authenticationMode"],
  judge(facts) {
    const { authenticationMode, mapping, evidence } = facts;
    if (authenticationMode === "CONFIG_MAP" && saysConfigMapMode(eksCall(facts)?.words)) {
      const said = "the authentication mode must be set to one of [API, API_AND_CONFIG_MAP]";
      return [finding(facts, "certain", `The access-entry call is refused: “${said}”.`)];
    }
    const confidence = authFailureConfidence(facts);
    const isRefused = facts.symptom?.kind === "unauthorized" || evidence.question?.principal !== undefined;
    if (
      authenticationMode !== "CONFIG_MAP" ||
      confidence === undefined ||
      !isRefused ||
      mapping === undefined
    )
      return [];
    if (mapping.awsAuthMatch !== undefined || (mapping.awsAuth && mapsPeople(mapping.awsAuth))) return [];
    const refused = failureOf(evidence.accessEntries);
    if (mapping.awsAuth === undefined) return [{ ...finding(facts, "likely"), inferred: true }];
    return saysConfigMapMode(refused)
      ? [finding(facts, "certain", `Listing the access entries failed: ${refused}`)]
      : [];
  },
});

function finding(facts: Facts, confidence: Confidence, shown?: string): LegacyFinding {
  const { mapping, authenticationMode } = facts;
  const { cluster } = commandTarget(facts);
  const said = {
    absent: "There is no ConfigMap kube-system/aws-auth.",
    unknown: "What aws-auth says is not known.",
    nodes: "aws-auth maps nodes only.",
  }[mapping?.awsAuth === null ? "absent" : mapping?.awsAuth === undefined ? "unknown" : "nodes"];
  return {
    cause: "M1",
    stage: "mode",
    severity: "error",
    confidence,
    summary: `Cluster ${cluster} is in mode CONFIG_MAP: it has no access entries, and reads only aws-auth.`,
    evidence: [
      ...(authenticationMode === undefined
        ? []
        : [`accessConfig.authenticationMode is ${authenticationMode}.`]),
      ...(shown === undefined ? [] : [shown]),
      ...(shown === undefined || mapping !== undefined ? [said] : []),
    ],
    falsifiedBy: sentence`${aws("eks describe-cluster", { name: cluster, query: "cluster.accessConfig" })} says another mode.`,
    fixes: fixes(facts),
    explains: ["A1", "E1"],
  };
}

function fixes(facts: Facts): Fix[] {
  const { cluster, principal } = facts;
  const target = commandTarget(facts);
  const who =
    eksCall(facts)?.principalArn ?? (principal && principalArn(facts, principal)) ?? "PRINCIPAL_ARN";
  const platform = platformNeed(cluster);
  const view = { policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"), accessScope: CLUSTER_SCOPE };
  return [
    ...(platform?.isTooOld === true
      ? [
          {
            audience: "cluster-admin" as const,
            description: `First bring the cluster up to date: entries need platform ${platform.least} of Kubernetes ${platform.version}, it has ${platform.has}.`,
          },
        ]
      : []),
    {
      audience: "cluster-admin",
      description:
        "Let the cluster read access entries too (aws-auth stays in force; there is no way back), then make the entry.",
      actions: [
        setMode(target, "API_AND_CONFIG_MAP"),
        createEntry(target, who),
        associatePolicy(target, who, view),
      ],
    },
  ];
}
