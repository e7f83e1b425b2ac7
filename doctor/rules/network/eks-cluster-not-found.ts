import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { clusterNotFound } from "../../derive/kubeconfig/api-endpoint.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";
import { regenerateContext } from "../../fixes/regenerate-context.ts";

/** AWS's words, with the name. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const NOT_FOUND = /No cluster found for name: ?([\w-]+)?/;

/** EKS knows no cluster of that name where it was asked: another region, another account, or a slip of the pen. */
export const eksClusterNotFound = defineLegacyRule({
  code: "eks-cluster-not-found",
  stage: "network",
  causes: ["N11"],
  expects: "the cluster exists in the region and account that AWS is asked for",
  needs: [],
  judge(facts) {
    const { evidence, symptom, principal, connection } = facts;
    const [said, missing] = NOT_FOUND.exec(eksCall(facts)?.words ?? "") ?? [];
    const found =
      said ?? (symptom === undefined || symptom.kind === "other" ? clusterNotFound(evidence) : undefined);
    // The kubeconfig's own cluster may be there all the same: then it was another call that looked elsewhere.
    if (found === undefined || connection?.unknownName !== undefined) return [];
    if (facts.cluster !== undefined)
      return said !== undefined && facts.cluster.name === missing ? [elsewhere(facts, said)] : [];
    const { cluster, region } = commandTarget(facts);
    const name = missing ?? cluster;
    const list = knownValue(evidence.clusters)?.clusters;
    const { account } = targetCluster(facts);
    const isOtherAccount = account !== undefined && principal !== undefined && account !== principal.account;
    return [
      {
        cause: "N11",
        stage: "network",
        severity: "error",
        confidence: sureness(said, list, name),
        summary: `There is no cluster ${name} in ${region}${principal === undefined ? "" : ` in account ${principal.account}`}.`,
        evidence: [
          `AWS says: ${found}`,
          ...(list === undefined ? [] : [`ListClusters in ${region} gives ${list.join(", ") || "none"}.`]),
          ...(isOtherAccount ? [`The kubeconfig's cluster belongs to account ${account}.`] : []),
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name, region })} finds it with the credentials of the right account.`,
        fixes: fixes({ name, region, list }),
      },
    ];
  },
});

/** EKS has it where the kubeconfig means it, and not where the call that failed looked for it. */
function elsewhere(facts: Facts, found: string): LegacyFinding {
  const { cluster, region } = commandTarget(facts);
  return {
    cause: "N11",
    stage: "network",
    severity: "error",
    confidence: "likely",
    summary: `Cluster ${cluster} is in ${region}, and the call that failed looked for it in another region or account.`,
    evidence: [`AWS says: ${found}`, `EKS in ${region} describes it: ${facts.cluster?.arn ?? cluster}.`],
    falsifiedBy: `The call named region ${region}, and an account that has a cluster ${cluster}.`,
    fixes: [
      {
        audience: "you",
        description: "Write the context for the cluster's own region.",
        actions: [regenerateContext(facts)],
      },
    ],
  };
}

/** AWS's own words about the very call that failed are enough; a list that has the name speaks against them. */
function sureness(said: string | undefined, list: readonly string[] | undefined, name: string): Confidence {
  if (list?.includes(name) === true) return "possible";
  return said !== undefined || list !== undefined ? "certain" : "likely";
}

interface Missing {
  readonly name: string;
  readonly region: string;
  /** The clusters that are there, if that is known. */
  readonly list: readonly string[] | undefined;
}

function fixes({ name, region, list }: Missing): Fix[] {
  const alike = list?.find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
  return [
    ...(alike === undefined
      ? []
      : [
          {
            audience: "you" as const,
            description: `Write the name as EKS does: ${alike}.`,
            actions: [aws("eks update-kubeconfig", { name: alike, region })],
          },
        ]),
    {
      audience: "you",
      description:
        "See which account and region are asked, and which clusters are there; then name the right ones.",
      actions: [
        aws("sts get-caller-identity"),
        aws("eks list-clusters", { region }),
        aws("eks update-kubeconfig", { name, region: "REGION", profile: "PROFILE" }),
      ],
    },
  ];
}
