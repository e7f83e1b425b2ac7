import type { Facts } from "../facts/facts.ts";
import { type Refusal, refusalIn } from "../facts/refusal-words.ts";
import { rewriteContext } from "../facts/rewrite-context.ts";
import { type Confidence, defineRule } from "../rule.ts";

/** Our own words, with the reason. Source: plugin/recorded-cluster.ts. */
const REFUSED = /No token for (cluster \S+) \([^)]*\): (.{1,600}?)\. \[cluster-mismatch\]/;

/** We keep the token back: the client calls another API server than the one that setup recorded, or does not say which. */
export const vouchClusterRefused = defineRule({
  code: "vouch-cluster-refused",
  causes: ["V8"],
  expects: "the context calls the API server that setup recorded for its cluster",
  needs: ["refusals"],
  judge(facts) {
    const refusal = refusalIn(facts, REFUSED);
    if (refusal === undefined || (facts.exec !== undefined && facts.exec.tool !== "kubectl-vouch")) return [];
    const [, cluster, reason] = refusal.quote.match;
    return [
      {
        cause: "V8",
        stage: "plugin",
        severity: refusal.severity,
        confidence: confidenceIn(facts, refusal),
        inferred: refusal.inferred === true,
        summary: `kubectl-vouch keeps back the token for ${cluster}: ${reason}.`,
        evidence: [refusal.said, ...entrySays(facts)],
        disproof:
          "The entry has the endpoint and CA of DescribeCluster, and `setup eks` changes neither it nor the record.",
        mends: [
          {
            by: "you",
            does: "If the cluster was recreated, or nobody meant to call another server: write the context from what EKS says, and record the cluster.",
            commands: [rewriteContext(facts)],
          },
        ],
        explains: ["K10", "N1", "N6", "N7", "N9"],
      },
    ];
  },
});

/** It is our own decision, so that we say it now proves it; an identity that AWS confirms says nothing against it. */
function confidenceIn({ symptom }: Facts, { quote, confidence }: Refusal): Confidence {
  return quote.by === "plugin" && symptom?.kind !== "unauthorized" ? "certain" : confidence;
}

function entrySays({ context, exec }: Facts): string[] {
  const body = context?.cluster?.body;
  const info = (context?.user?.body["exec"] as Readonly<Record<string, unknown>> | undefined)?.[
    "provideClusterInfo"
  ];
  return [
    ...(body?.["server"] === undefined ? [] : [`clusters[].cluster.server is ${String(body["server"])}.`]),
    ...(body?.["tls-server-name"] === undefined
      ? []
      : [`clusters[].cluster.tls-server-name is ${String(body["tls-server-name"])}.`]),
    ...(body?.["insecure-skip-tls-verify"] === true
      ? ["clusters[].cluster.insecure-skip-tls-verify is true."]
      : []),
    ...(exec === undefined || info === true ? [] : ["The exec block has no provideClusterInfo: true."]),
  ];
}
