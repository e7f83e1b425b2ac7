import { aws, kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import {
  clusterNotFound,
  type EndpointComparison,
  isEksHost,
} from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isOffline } from "../../derive/network/aws-silence.ts";
import type { Connection } from "../../derive/network/connection.ts";
import { hasMore, knownValue } from "../../evidence/evidence.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { forYou } from "../../fixes/fix.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/**
 * The endpoint in the kubeconfig belongs to a cluster that no longer exists: deleted, or recreated with the same name. Names that
 * contradict each other are a different fault (the context mixes two clusters), and not checked here.
 */
export const networkEndpointStale = defineRule({
  cause: {
    id: "N1",
    what: "The endpoint in the kubeconfig no longer exists: the cluster was deleted or recreated.",
    seen: "no such host",
    remedy: "Recreate the context, with the current endpoint and CA.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html",
  },
  expects: "the server in the kubeconfig is the cluster's current endpoint",
  needs: ["clusterEntry"],
  check({ clusterEntry }, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const notFound = clusterNotFound(seen.evidence);
    if (notFound === undefined) {
      if (seen.endpoints !== undefined)
        return seen.endpoints.isSame ? passed : checkRecreated(seen, seen.endpoints);
      if (seen.cluster !== undefined) return doesNotApply("EKS describes a different cluster");
    }
    return checkGone(seen, clusterEntry.server, notFound);
  },
  refuted: ({ ownNetwork, clusterEntry, cluster }) =>
    ownNetwork?.tls?.ok === true && clusterEntry?.caData === cluster?.certificateAuthority?.data,
  suspected: {
    unreachable: suspectedFailure(
      ["N1"],
      ({ unknownName }) => unknownName !== undefined,
      ({ target }) => ({
        summary: "The cluster was deleted or recreated: the hostname in the kubeconfig no longer exists.",
        hints: ["DNS cannot resolve the hostname."],
        audience: "you",
        confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} fails or returns a different endpoint.`,
      }),
    ),
  },
});

function checkRecreated(seen: Facts, compared: EndpointComparison): Verdict {
  const { entry, endpointHost } = compared;
  if (isLoopbackHost(entry.host) && !isLoopbackHost(endpointHost))
    return doesNotApply("the kubeconfig points to a tunnel");
  const confidence = confidenceInRecreated(seen, entry.host);
  if (confidence === undefined) return doesNotApply("the server responds");
  return found({
    confidence,
    explains: ["N4", "N5", "N6", "N7", "N9", "N11"],
    describe: (facts) => describeRecreated(facts, compared),
  });
}

/** The old host of a deleted cluster no longer resolves; a host that answers HTTP belongs to some other cluster. */
function confidenceInRecreated({ symptom, connection }: Facts, host: string): Confidence | undefined {
  if (["none", "unauthorized", "forbidden", "aws-refused"].includes(symptom?.kind ?? "")) return undefined;
  if (connection === undefined) return isEksHost(host) ? "likely" : "possible";
  if (connection.unknownName !== undefined) return "certain";
  return describeFault(connection) === undefined ? undefined : "likely";
}

function describeFault(connection: Connection | undefined): string | undefined {
  const { unknownName, timeout, refused, untrusted, wrongName, noTls } = connection ?? {};
  return unknownName ?? timeout ?? refused ?? untrusted ?? wrongName?.shown ?? noTls;
}

function describeRecreated(facts: Facts, { entry, endpoint }: EndpointComparison): Description {
  const created = facts.cluster?.createdAt;
  return {
    summary: `The kubeconfig points to ${entry.server}, which is not the endpoint of cluster ${facts.targetCluster.name}.`,
    evidence: [
      describeFault(facts.connection),
      `clusters[].cluster.server is ${entry.server}.`,
      `DescribeCluster reports endpoint ${endpoint}${created === undefined ? "" : `, created ${created}`}.`,
      isEksHost(entry.host) &&
        "The cluster was recreated under the same name, or the kubeconfig entry was edited.",
    ],
    falsifiedBy: `${entry.host} resolves and presents this cluster's certificate.`,
    fixes: regenerateEntry(facts, "Recreate the context with the current endpoint and CA.", {
      isWhole: true,
    }),
  };
}

function checkGone(seen: Facts, server: string, notFound: string | undefined): Verdict {
  if (seen.connection?.unknownName === undefined)
    return doesNotApply("the server's hostname did not fail to resolve");
  if (notFound === undefined && isOffline(seen.evidence))
    return doesNotApply("no hostname resolves on this machine");
  const isListed = isInList(seen);
  if (notFound !== undefined && isListed === true) return doesNotApply("EKS lists the cluster");
  const isGuess = notFound === undefined && isListed !== false;
  const isProven = notFound !== undefined && isOwnAccount(seen);
  return found({
    confidence: isGuess ? "possible" : isProven ? "certain" : "likely",
    inferred: isGuess,
    explains: ["N11"],
    describe: (facts) => describeGone(facts, server, isGuess),
  });
}

/** Undefined: the name is not known, or the list is incomplete. */
function isInList({ targetCluster: { name }, evidence }: Facts): boolean | undefined {
  const isIn = name === undefined ? undefined : knownValue(evidence.clusters)?.clusters.includes(name);
  return isIn === false && hasMore(evidence, "clusters") ? undefined : isIn;
}

/** Whether EKS was queried in the account to which the kubeconfig refers. */
function isOwnAccount(seen: Facts): boolean {
  const { account } = seen.targetCluster;
  return account !== undefined && account === seen.principal?.account;
}

function describeGone(facts: Facts, server: string, isGuess: boolean): Description {
  const { evidence, context, targetCluster } = facts;
  const { name = "CLUSTER", region = "the region" } = targetCluster;
  const notFound = clusterNotFound(evidence);
  const list = knownValue(evidence.clusters)?.clusters;
  const recreate = regenerateEntry(
    facts,
    "If the cluster was recreated (or is in a different account or region), recreate the context.",
    { isWhole: true },
  );
  const remove = forYou(
    "If it no longer exists, remove its entries from the kubeconfig.",
    kubectl("config delete-context", {}, context?.name ?? "CONTEXT"),
    kubectl("config delete-cluster", {}, context?.clusterName ?? "CLUSTER"),
  );
  return {
    summary: `The hostname of ${server} no longer resolves: cluster ${name} was deleted, or recreated under the same name.`,
    evidence: [
      describeFault(facts.connection),
      isInList(facts) === false && `ListClusters returns ${list?.join(", ") || "no clusters"}.`,
      notFound && `DescribeCluster in ${region} returned: ${notFound}`,
    ],
    falsifiedBy:
      "Another DNS resolver can resolve the name, or DescribeCluster finds the cluster in the right account and region.",
    fixes: isGuess ? recreate : [...recreate, remove],
  };
}
