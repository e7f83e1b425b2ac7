import { known } from "../evidence.ts";
import { clusterNotFound } from "../facts/api-endpoint.ts";
import { eksCall, targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { rewriteContext } from "../facts/rewrite-context.ts";
import { targetCluster } from "../facts/target-cluster.ts";
import { type Confidence, defineRule, type Finding, type Mend } from "../rule.ts";

/** AWS's words, with the name. Source: eks-auth, N11. */
const NOT_FOUND = /No cluster found for name: ?([\w-]+)?/;

/** EKS knows no cluster of that name where it was asked: another region, another account, or a slip of the pen. */
export const eksClusterNotFound = defineRule({
  code: "eks-cluster-not-found",
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
    const { cluster, region } = targetOf(facts);
    const name = missing ?? cluster;
    const list = known(evidence.clusters)?.clusters;
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
        disproof: `\`aws eks describe-cluster --name ${name} --region ${region}\` finds it with the credentials of the right account.`,
        mends: mends({ name, region, list }),
      },
    ];
  },
});

/** EKS has it where the kubeconfig means it, and not where the call that failed looked for it. */
function elsewhere(facts: Facts, found: string): Finding {
  const { cluster, region } = targetOf(facts);
  return {
    cause: "N11",
    stage: "network",
    severity: "error",
    confidence: "likely",
    summary: `Cluster ${cluster} is in ${region}, and the call that failed looked for it in another region or account.`,
    evidence: [`AWS says: ${found}`, `EKS in ${region} describes it: ${facts.cluster?.arn ?? cluster}.`],
    disproof: `The call named region ${region}, and an account that has a cluster ${cluster}.`,
    mends: [
      {
        by: "you",
        does: "Write the context for the cluster's own region.",
        commands: [rewriteContext(facts)],
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

function mends({ name, region, list }: Missing): Mend[] {
  const alike = list?.find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
  return [
    ...(alike === undefined
      ? []
      : [
          {
            by: "you" as const,
            does: `Write the name as EKS does: ${alike}.`,
            commands: [["aws", "eks", "update-kubeconfig", "--name", alike, "--region", region]],
          },
        ]),
    {
      by: "you",
      does: "See which account and region are asked, and which clusters are there; then name the right ones.",
      commands: [
        ["aws", "sts", "get-caller-identity"],
        ["aws", "eks", "list-clusters", "--region", region],
        ["aws", "eks", "update-kubeconfig", "--name", name, "--region", "REGION", "--profile", "PROFILE"],
      ],
    },
  ];
}
