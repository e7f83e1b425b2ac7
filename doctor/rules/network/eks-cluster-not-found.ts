import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { clusterNotFound } from "../../derive/kubeconfig/api-endpoint.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { regenerateContext } from "../../fixes/regenerate-context.ts";

/** AWS's words, with the name. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const NOT_FOUND = /No cluster found for name: ?([\w-]+)?/;

/** EKS knows no cluster of that name where it was asked: another region, another account, or a typing error. */
export const eksClusterNotFound = defineRule({
  causes: ["N11"],
  expects: "the cluster exists in the region and account that AWS is asked for",
  reads: ["eksCall", "symptom", "connection", "cluster", "target", "clusters"],
  check(_, seen) {
    const [said, missing] = NOT_FOUND.exec(seen.eksCall?.words ?? "") ?? [];
    const mayAsk = seen.symptom === undefined || seen.symptom.kind === "other";
    const answer = said ?? (mayAsk ? clusterNotFound(seen.evidence) : undefined);
    if (answer === undefined) return doesNotApply("AWS does not say that the cluster is missing");
    if (seen.connection?.unknownName !== undefined) return doesNotApply("the endpoint has no name in DNS");
    if (clusterNotFound(seen.evidence) === undefined && seen.cluster !== undefined) {
      // The kubeconfig's own cluster is there: then another call looked for it in the wrong place.
      return said !== undefined && seen.cluster.name === missing
        ? found({ confidence: "likely", describe: (facts) => describeElsewhere(facts, said) })
        : doesNotApply("the cluster of the context exists");
    }
    const name = missing ?? seen.target.cluster;
    const list = knownValue(seen.evidence.clusters)?.clusters;
    return found({
      confidence: confidenceOf(said, list, name),
      describe: (facts) => describe(facts, answer, name),
    });
  },
});

/** AWS's own words about the very call that failed are enough; a list that has the name speaks against them. */
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
    summary: `Cluster ${cluster} is in ${region}, and the call that failed looked for it in another region or account.`,
    evidence: [`AWS says: ${said}`, `EKS in ${region} describes it: ${facts.cluster?.arn ?? cluster}.`],
    falsifiedBy: `The call named region ${region}, and an account that has a cluster ${cluster}.`,
    fixes: [forYou("Write the context for the cluster's own region.", regenerateContext(facts))],
  };
}

function describe(facts: Facts, answer: string, name: string) {
  const { targetCluster, principal, evidence } = facts;
  const { region } = facts.target;
  const list = knownValue(evidence.clusters)?.clusters;
  const { account } = targetCluster;
  const isOtherAccount = account !== undefined && principal !== undefined && account !== principal.account;
  return {
    summary: `There is no cluster ${name} in ${region}${principal === undefined ? "" : ` in account ${principal.account}`}.`,
    evidence: [
      `AWS says: ${answer}`,
      list && `ListClusters in ${region} gives ${list.join(", ") || "none"}.`,
      isOtherAccount && `The kubeconfig's cluster belongs to account ${account}.`,
    ],
    falsifiedBy: sentence`${aws("eks describe-cluster", { name, region })} finds it with the credentials of the right account.`,
    fixes: fixes(region, name, list),
  };
}

function fixes(region: string, name: string, list: readonly string[] | undefined): Fix[] {
  const similar = list?.find((one) => one !== name && one.toLowerCase() === name.toLowerCase());
  const look = forYou(
    "See which account and region are asked, and which clusters are there; then name the right ones.",
    aws("sts get-caller-identity"),
    aws("eks list-clusters", { region }),
    aws("eks update-kubeconfig", { name, region: "REGION", profile: "PROFILE" }),
  );
  if (similar === undefined) return [look];
  const correct = aws("eks update-kubeconfig", { name: similar, region });
  return [forYou(`Write the name as EKS does: ${similar}.`, correct), look];
}
