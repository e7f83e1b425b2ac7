import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import {
  clusterNotFound,
  compareEndpoints,
  type EndpointComparison,
  isEksHost,
  isOffline,
} from "../../derive/kubeconfig/api-endpoint.ts";
import { kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { regenerateContext } from "../../fixes/regenerate-context.ts";

/**
 * The endpoint in the kubeconfig belongs to a cluster that is gone: deleted, or made anew under the same name. Names that
 * disagree among themselves are another fault (the context mixes two clusters), and not judged here.
 */
export const networkEndpointStale = defineLegacyRule({
  code: "network-endpoint-stale",
  stage: "network",
  causes: ["N1"],
  expects: "the server in the kubeconfig is the endpoint that the cluster has today",
  needs: ["context"],
  judge(facts) {
    const compared = compareEndpoints(facts);
    if (compared !== undefined) return compared.isSame ? [] : recreated(facts, compared);
    return gone(facts);
  },
});

function recreated(facts: Facts, { entry, endpoint, endpointHost }: EndpointComparison): LegacyFinding[] {
  const confidence = sureness(facts, entry.host);
  const isTunnel = isLoopbackHost(entry.host) && !isLoopbackHost(endpointHost);
  if (confidence === undefined || isTunnel) return [];
  const { name } = targetCluster(facts);
  return [
    {
      ...RESULT,
      confidence,
      summary: `The kubeconfig calls ${entry.server}, but cluster ${name} is at ${endpoint}: it was made anew under the same name.`,
      evidence: [
        ...seen(facts),
        `clusters[].cluster.server is ${entry.server}.`,
        `DescribeCluster says endpoint ${endpoint}${facts.cluster?.createdAt === undefined ? "" : `, created ${facts.cluster.createdAt}`}.`,
      ],
      falsifiedBy: `${entry.host} resolves, and answers with this cluster's certificate.`,
      fixes: [
        {
          audience: "you",
          description: "Write the context anew, with today's endpoint and CA.",
          actions: [regenerateContext(facts)],
        },
      ],
      explains: ["N5", "N6", "N9", "N11"],
    },
  ];
}

/** The old address of a cluster that is gone has no name any more; an address that answers HTTP is some other cluster's. */
function sureness({ symptom, connection }: Facts, host: string): Confidence | undefined {
  if (["none", "unauthorized", "forbidden", "aws-refused"].includes(symptom?.kind ?? "")) return undefined;
  if (connection?.unknownName !== undefined) return "certain";
  if (connection === undefined) return isEksHost(host) ? "likely" : "possible";
  const { timeout, refused, untrusted, wrongName } = connection;
  return (timeout ?? refused ?? untrusted ?? wrongName) === undefined ? undefined : "likely";
}

function gone(facts: Facts): LegacyFinding[] {
  const { evidence, connection, context, principal } = facts;
  const server = kubeconfigCluster(context)?.server;
  if (connection?.unknownName === undefined || server === undefined || facts.cluster !== undefined) return [];
  const { name, region, account } = targetCluster(facts);
  const notFound = clusterNotFound(evidence);
  const list = knownValue(evidence.clusters)?.clusters;
  const isListed = name === undefined || list === undefined ? undefined : list.includes(name);
  if (notFound === undefined ? isOffline(evidence) : isListed === true) return [];
  const isGuess = notFound === undefined && isListed !== false;
  const isSureOfPlace = account !== undefined && account === principal?.account;
  const confidence = isGuess ? "possible" : notFound !== undefined && isSureOfPlace ? "certain" : "likely";
  return [
    {
      ...RESULT,
      confidence,
      summary: `${server} has no name in DNS any more: cluster ${name ?? "CLUSTER"} was deleted, or made anew under the same name.`,
      evidence: [
        ...seen(facts),
        ...(isListed === false ? [`ListClusters gives ${list?.join(", ") || "none"}.`] : []),
        ...(notFound === undefined ? [] : [`DescribeCluster in ${region ?? "the region"} says: ${notFound}`]),
      ],
      falsifiedBy:
        "Another resolver knows the name, or DescribeCluster with the right account and region finds the cluster.",
      fixes: isGuess ? [renew(facts)] : [renew(facts), removal(facts)],
      ...(isGuess ? { inferred: true } : {}),
      explains: ["N11"],
    },
  ];
}

const RESULT = { cause: "N1", stage: "network", severity: "error" } as const;

function renew(facts: Facts): Fix {
  return {
    audience: "you",
    description:
      "If the cluster was made anew (or lives in another account or region): write the context anew.",
    actions: [regenerateContext(facts)],
  };
}

function removal({ context }: Facts): Fix {
  return {
    audience: "you",
    description: "If it is gone: remove what is left of it from the kubeconfig.",
    actions: [
      kubectl("config delete-context", {}, context?.name ?? "CONTEXT"),
      kubectl("config delete-cluster", {}, context?.clusterName ?? "CLUSTER"),
    ],
  };
}

function seen({ connection }: Facts): string[] {
  const { unknownName, timeout, refused, untrusted, wrongName } = connection ?? {};
  const shown = unknownName ?? timeout ?? refused ?? untrusted ?? wrongName?.shown;
  return shown === undefined ? [] : [shown];
}
