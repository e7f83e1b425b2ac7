import type { Facts } from "../derive/facts.ts";
import { likelyTarget } from "../derive/target/likely-target.ts";
import { knownValue } from "../evidence/evidence.ts";
import { aws } from "./aws.ts";
import type { Action } from "./fix.ts";
import { updateKubeconfig } from "./kubeconfig-commands.ts";

/**
 * Regenerates the context, from what EKS says of the cluster, with the tool that wrote it. Where the cluster's name is not
 * known, those that there are are listed first.
 */
export function regenerateContext(facts: Facts): readonly Action[] {
  const { exec } = facts;
  if (exec?.tool !== "kubectl-vouch") {
    const profile = exec?.profile ?? exec?.env["AWS_PROFILE"];
    return [...listClusters(facts), updateKubeconfig(facts, { profile, role: exec?.role })];
  }
  const { name, region } = likelyTarget(facts);
  const { role, via, server } = exec;
  return [...listClusters(facts), { kind: "setup-eks", cluster: name, region, role, via, server }];
}

/** Lists the clusters for who must know their names, unless the names are known. */
export function listClusters(facts: Pick<Facts, "evidence" | "context" | "exec">): readonly Action[] {
  const { name, region = "REGION" } = likelyTarget(facts);
  const isKnown = name !== undefined || knownValue(facts.evidence.clusters) !== undefined;
  return isKnown ? [] : [aws("eks list-clusters", { region })];
}
