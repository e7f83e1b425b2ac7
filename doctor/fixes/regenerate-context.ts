import type { Facts } from "../derive/facts.ts";
import { likelyTarget } from "../derive/target/likely-target.ts";
import type { Action } from "./fix.ts";
import { updateKubeconfig } from "./kubeconfig-commands.ts";

/** Regenerates the context, from what EKS says of the cluster, with the tool that wrote it. */
export function regenerateContext(facts: Facts): Action {
  const { exec } = facts;
  if (exec?.tool !== "kubectl-vouch")
    return updateKubeconfig(facts, { profile: exec?.profile ?? exec?.env["AWS_PROFILE"] });
  const { name, region } = likelyTarget(facts);
  const { role, via, server } = exec;
  return { kind: "setup-eks", cluster: name, region, role, via, server };
}
