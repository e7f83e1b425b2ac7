import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { profileInForce } from "../../derive/identity/credential-source.ts";
import { clusterNotFound } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { failureOf, knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou, oneOf } from "../../fixes/fix.ts";
import { isDenied, regenerateEntry } from "../../fixes/regenerate-context.ts";

/** AWS's message, with the name. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const NOT_FOUND = /No cluster found for name: ?([\w-]+)?/;

/** EKS does not have a cluster with that name where the call looked: another region, another account, or a typo. */
export const eksClusterNotFound = defineRule({
  cause: {
    id: "N11",
    what: "No cluster with that name exists in this region and account.",
    seen: "No cluster found for name",
    remedy: "Correct the cluster name, the region or the account.",
  },
  expects: "the cluster exists in the region and account that the call uses",
  check(_, seen) {
    const [said, missing] = NOT_FOUND.exec(seen.eksCall?.words ?? "") ?? [];
    const mayAsk = seen.symptom === undefined || seen.symptom.kind === "other";
    const answer = said ?? (mayAsk ? clusterNotFound(seen.evidence) : undefined);
    if (answer === undefined) return doesNotApply("AWS does not report that the cluster is missing");
    if (seen.connection?.unknownName !== undefined)
      return doesNotApply("the endpoint's hostname does not resolve");
    if (clusterNotFound(seen.evidence) === undefined && seen.cluster !== undefined) {
      // The kubeconfig's own cluster exists, so another call looked for it in the wrong place.
      return said !== undefined && seen.cluster.name === missing
        ? found({ confidence: "likely", describe: (facts) => describeElsewhere(facts, said) })
        : doesNotApply("the context's cluster exists");
    }
    const name = missing ?? seen.target.cluster;
    const list = knownValue(seen.evidence.clusters)?.clusters;
    return found({
      confidence: confidenceOf(said, list, name),
      describe: (facts) => describe(facts, answer, name),
    });
  },
});

/** AWS's own message for the call that failed is sufficient; a list that contains the name contradicts it. */
function confidenceOf(
  said: string | undefined,
  list: readonly string[] | undefined,
  name: string,
): Confidence {
  if (list?.includes(name) === true) return "possible";
  return said !== undefined || list !== undefined ? "certain" : "likely";
}

function describeElsewhere(facts: Facts, said: string) {
  const { cluster, region } = facts.target;
  return {
    summary: `Cluster ${cluster} is in ${region}, but the failed call looked for it in a different region or account.`,
    evidence: [
      `AWS returned: ${said}`,
      `DescribeCluster in ${region} returns ${facts.cluster?.arn ?? cluster}.`,
    ],
    falsifiedBy: `The call used region ${region} and an account that has cluster ${cluster}.`,
    fixes: regenerateEntry(facts, "Rewrite the context for the cluster's own region.", { isWhole: true }),
  };
}

function describe(facts: Facts, answer: string, name: string) {
  const { targetCluster, principal, evidence } = facts;
  const { region } = facts.target;
  const list = knownValue(evidence.clusters)?.clusters;
  const { account } = targetCluster;
  const isOtherAccount = account !== undefined && principal !== undefined && account !== principal.account;
  return {
    summary: `Cluster ${name} does not exist in ${region}${principal === undefined ? "" : ` (account ${principal.account})`}.`,
    evidence: [
      `AWS returned: ${answer}`,
      list && `ListClusters in ${region} returns ${list.join(", ") || "no clusters"}.`,
      isOtherAccount && `The kubeconfig's cluster belongs to account ${account}.`,
    ],
    falsifiedBy: sentence`${aws("eks describe-cluster", { name, region })} finds it with credentials for the right account.`,
    fixes: fixes(facts, name, list),
  };
}

/** How many of the existing clusters are suggested. */
const OFFERED = 3;

function fixes(facts: Facts, name: string, list: readonly string[] | undefined): Fix[] {
  const { region } = facts.target;
  const similar = list?.filter((one) => one !== name && one.toLowerCase() === name.toLowerCase()) ?? [];
  const mayList = list === undefined && !isDenied(failureOf(facts.evidence.clusters));
  const write = (one: string) => aws("eks update-kubeconfig", { name: one, region });
  const look = forYou(
    "If it is in a different account or region, check which account you are using, then specify the right ones.",
    aws("sts get-caller-identity"),
    ...(mayList ? [aws("eks list-clusters", { region })] : []),
    aws("eks update-kubeconfig", { name, ...elsewhere(facts) }),
  );
  if (similar.length > 0) {
    return oneOf(...similar.map((one) => forYou(`Spell the name as EKS does: ${one}.`, write(one))), look);
  }
  const others = list?.includes(name) === true ? [] : (list?.toSorted(byLikeness(name)) ?? []);
  return oneOf(
    ...others.slice(0, OFFERED).map((one) => forYou(`Use cluster ${one}, which exists.`, write(one))),
    look,
  );
}

/** Sorts by the length of the common beginning, longest first. */
function byLikeness(name: string): (a: string, b: string) => number {
  const shared = (one: string) => {
    const end = [...one].findIndex((char, index) => char.toLowerCase() !== name.charAt(index).toLowerCase());
    return end < 0 ? one.length : end;
  };
  return (a, b) => shared(b) - shared(a);
}

/** The other region and profile on this machine, if there is only one of each. */
function elsewhere({ target, evidence, credentials }: Facts): {
  readonly region: string;
  readonly profile: string;
} {
  const inForce = profileInForce(credentials);
  const others = [...awsProfiles(evidence).byName.values()].filter(({ name }) => name !== inForce);
  const regions = others.flatMap(({ settings }) => settings["region"] ?? []);
  const [region = "REGION", ...moreRegions] = new Set(regions.filter((one) => one !== target.region));
  const [profile, ...moreProfiles] = others;
  return {
    region: moreRegions.length === 0 ? region : "REGION",
    profile: profile !== undefined && moreProfiles.length === 0 ? profile.name : "PROFILE",
  };
}
