import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { deriveFacts } from "../derive.ts";
import { addressOf, isEksHost } from "../kubeconfig/kubeconfig-cluster.ts";
import { likelyTarget, only } from "./target-cluster.ts";

/** What tells a cluster from others, as far as a case shows it. */
interface ClusterId {
  readonly arn: string | undefined;
  /** An EKS endpoint. Other addresses, such as the local end of a tunnel, may lead to a different cluster tomorrow. */
  readonly host: string | undefined;
  /** Region and name, which clusters of several accounts may share; undefined if the name is not known. */
  readonly name: string | undefined;
  /** Of the cluster; if that is not known, of the caller. */
  readonly account: string | undefined;
}

/**
 * Cases of the same cluster, in the order in which the first of each was given: with the same ARN, else the same EKS endpoint, else
 * the name of only one cluster in its account.
 */
export function groupByCluster<T extends { readonly evidence: DoctorEvidence }>(cases: readonly T[]): T[][] {
  const known = cases.map((one) => ({ one, id: clusterIdOf(one.evidence) }));
  const arns = new Map(known.flatMap(({ id: { arn, host } }) => (arn && host ? [[host, arn]] : [])));
  const keyOf = (id: ClusterId, index: number) => {
    const named = known.flatMap(({ id: other }) => (isSameName(id, other) ? [other] : []));
    const { arn = id.host && arns.get(id.host), host, account = "", name = index } = id;
    return (
      arn ??
      only(named.flatMap((other) => other.arn ?? [])) ??
      host ??
      only(named.flatMap((other) => other.host ?? [])) ??
      `${account} ${name}`
    );
  };
  const groups = Map.groupBy(known, ({ id }, index) => keyOf(id, index));
  return [...groups.values()].map((group) => group.map(({ one }) => one));
}

function isSameName(one: ClusterId, other: ClusterId): boolean {
  const isOtherAccount =
    one.account !== undefined && other.account !== undefined && one.account !== other.account;
  return one.name !== undefined && one.name === other.name && !isOtherAccount;
}

function clusterIdOf(evidence: DoctorEvidence): ClusterId {
  const facts = deriveFacts(evidence);
  const { targetCluster: written, target, cluster, clusterEntry, principal } = facts;
  const { name, region, account, partition } = written;
  const host = [clusterEntry?.host, addressOf(cluster?.endpoint)?.host].find(
    (one) => one !== undefined && isEksHost(one),
  );
  const isWhole = name !== undefined && region !== undefined && account !== undefined;
  const described = knownValue(evidence.cluster)?.cluster.arn;
  const isDescribed = cluster !== undefined && cluster.name === target.cluster;
  return {
    arn: isWhole
      ? `arn:${partition ?? "aws"}:eks:${region}:${account}:cluster/${name}`
      : isDescribed
        ? described
        : undefined,
    host,
    name: likelyTarget(facts).name && `${target.region} ${target.cluster}`,
    account: account ?? (isDescribed ? described?.split(":")[4] : undefined) ?? principal?.account,
  };
}
