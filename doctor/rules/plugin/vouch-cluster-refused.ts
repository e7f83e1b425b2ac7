import { isRecord } from "../../../token/record.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn } from "../../derive/failure/error-sources.ts";
import { addressOf, kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isAddress, isLoopbackHost } from "../../evidence/ip-address.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { regenerateContext } from "../../fixes/regenerate-context.ts";

/** Our own words; the reason comes next, up to the code. Source: plugin/cluster/recorded-cluster.ts. */
const REFUSED = /No token for (cluster [\w-]{1,100}) \([a-z\d-]{1,40}, account \d{12}\): /;
const CODE = ". [cluster-mismatch]";

/** We keep the token back: the client calls another API server than the one that setup recorded, or does not say which. */
export const vouchClusterRefused = defineLegacyRule({
  code: "vouch-cluster-refused",
  stage: "plugin",
  causes: ["V8"],
  expects: "the context calls the API server that setup recorded for its cluster",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, REFUSED);
    if (facts.exec !== undefined && facts.exec.tool !== "kubectl-vouch") return [];
    if (refusal === undefined) return unsaid(facts);
    const [header, cluster] = refusal.quote.match;
    const { input, index } = refusal.quote.match;
    const [line = ""] = input.slice(index + header.length).split("\n", 1);
    const [reason] = line.split(CODE, 1);
    return [
      {
        cause: "V8",
        stage: "plugin",
        severity: refusal.severity,
        confidence: confidenceIn(facts, refusal),
        inferred: refusal.inferred === true,
        summary: `kubectl-vouch keeps back the token for ${cluster}: ${reason}.`,
        evidence: [refusal.said, ...entrySays(facts)],
        falsifiedBy:
          "The entry has the endpoint and CA of DescribeCluster, and setting the context up again changes nothing.",
        fixes: [
          ...tunnelName(facts),
          {
            audience: "you",
            description:
              "If the cluster was recreated, or nobody meant to call another server: write the context from what EKS says, and record the cluster.",
            actions: [regenerateContext(facts)],
          },
        ],
        explains: ["K10", "N1", "N6", "N7", "N9"],
      },
    ];
  },
});

/** The near end of a tunnel: its address stays, and the certificate is checked under the cluster's own name. */
function tunnelName({ context, cluster }: Facts): Fix[] {
  const entry = kubeconfigCluster(context);
  const far = addressOf(cluster?.endpoint)?.host;
  if (entry === undefined || context === undefined || far === undefined) return [];
  const isNear = (host: string) => isLoopbackHost(host) || isAddress(host);
  if (!isNear(entry.host) || isNear(far) || entry.tlsServerName !== undefined) return [];
  return [
    {
      audience: "you",
      description: "If this is a tunnel to the cluster: say by which name its certificate is to be checked.",
      actions: [kubectl("config set-cluster", { "tls-server-name": far }, context.clusterName)],
    },
  ];
}

/** An entry of before, or by hand: nothing is compared, and nothing else is wrong with it. */
function unsaid(facts: Facts): LegacyFinding[] {
  const { context, exec } = facts;
  if (exec === undefined || saysCluster(facts)) return [];
  return [
    {
      cause: "V8",
      stage: "plugin",
      severity: "warning",
      confidence: "certain",
      summary: `Context ${context?.name ?? ""} does not say which cluster it calls, so a token for it is not kept from another server.`,
      evidence: [UNSAID],
      falsifiedBy: "The exec block has provideClusterInfo: true.",
      fixes: [
        {
          audience: "you",
          description: "Write it into the entry, and record the cluster.",
          actions: [regenerateContext(facts)],
        },
      ],
    },
  ];
}

const UNSAID = "The exec block has no provideClusterInfo: true.";

function saysCluster({ context }: Facts): boolean {
  const exec = context?.user?.body["exec"];
  return isRecord(exec) && exec["provideClusterInfo"] === true;
}

/** It is our own decision, so that we say it now proves it; an identity that AWS confirms says nothing against it. */
function confidenceIn({ symptom }: Facts, { quote, confidence }: CredentialError): Confidence {
  return quote.by === "plugin" && symptom?.kind !== "unauthorized" ? "certain" : confidence;
}

function entrySays(facts: Facts): string[] {
  const { context, exec } = facts;
  const body = context?.cluster?.body ?? {};
  const fields = ["server", "tls-server-name", "insecure-skip-tls-verify"].filter(
    (field) => body[field] !== undefined,
  );
  return [
    ...fields.map((field) => `clusters[].cluster.${field} is ${String(body[field])}.`),
    ...(exec === undefined || saysCluster(facts) ? [] : [UNSAID]),
  ];
}
