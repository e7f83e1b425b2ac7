import { accessPolicy, addEntry, addRole, vouchTrust } from "./aws/world.ts";
import type { Lab } from "./lab.ts";

/** Lets AI agents of everybody who is logged in read the cluster, and no more; returns the ARN of their role. */
export function addAgentRole({ world, cluster }: Pick<Lab, "world" | "cluster">): string {
  const trust = [...world.oidcProviders.values()].map(vouchTrust);
  const role = addRole(world, { name: "VouchReader", trust });
  addEntry(cluster, role, { policies: [accessPolicy("AmazonEKSViewPolicy")] });
  return role.arn;
}
