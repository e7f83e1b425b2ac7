import type { Facts } from "./facts.ts";
import { updateKubeconfig } from "./kubeconfig-commands.ts";
import { targetCluster } from "./target-cluster.ts";

/** Writes the context anew, from what EKS says of the cluster, with the tool that wrote it. */
export function rewriteContext(facts: Pick<Facts, "evidence" | "context" | "exec">): readonly string[] {
  const { exec } = facts;
  if (exec?.tool !== "kubectl-vouch")
    return updateKubeconfig(facts, { profile: exec?.profile ?? exec?.env["AWS_PROFILE"] });
  const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
  return [
    ...["kubectl", "vouch", "setup", "eks", "--cluster", name, "--region", region],
    ...(exec.role === undefined ? [] : ["--role", exec.role]),
    ...exec.via.flatMap((role) => ["--via", role]),
    ...(exec.server === undefined ? [] : ["--server", exec.server]),
  ];
}
