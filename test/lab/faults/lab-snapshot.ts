import fs from "node:fs";
import { noFaults as noAwsFaults } from "../aws/faults.ts";
import { noFaults as noKubeFaults } from "../kube/faults.ts";
import type { Lab } from "../lab.ts";
import type { Cluster } from "../model.ts";
import { noFaults as noVouchFaults } from "../vouch/faults.ts";

/**
 * Keeps how the lab is: its account, its clusters, the person's home. The function that it gives puts all that back, and
 * turns every switch of the stand-ins off. What is kept at the Vouch server (sessions, keys) stays as it became.
 */
export function snapshotLab({ world, home, aws, kube, vouch, clock }: Lab): () => void {
  const { roles, users, oidcProviders, clusters, identityCenter, signInSessions } = structuredClone(world);
  const folder = `${home}.kept`;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(home, folder, { recursive: true, preserveTimestamps: true });
  const offset = clock() - Date.now();

  return () => {
    refill(world.roles, roles);
    refill(world.users, users);
    refill(world.oidcProviders, oidcProviders);
    Object.assign(world, structuredClone({ identityCenter, signInSessions }));
    world.clusters.splice(clusters.length);
    for (const [index, cluster] of world.clusters.entries()) restoreCluster(cluster, clusters[index]);
    Object.assign(aws.faults, noAwsFaults());
    Object.assign(vouch.faults, noVouchFaults());
    for (const server of kube.values()) {
      Object.assign(server.faults, noKubeFaults());
      server.restore();
    }
    clock.advance(offset - (clock() - Date.now()));
    fs.rmSync(home, { recursive: true, force: true });
    fs.cpSync(folder, home, { recursive: true, preserveTimestamps: true });
  };
}

/** Copies, so that the snapshot survives the next fault. */
function refill<T>(map: Map<string, T>, kept: ReadonlyMap<string, T>): void {
  map.clear();
  for (const [key, value] of kept) map.set(key, structuredClone(value));
}

function restoreCluster(cluster: Cluster, kept: Cluster | undefined): void {
  if (kept === undefined) return;
  delete cluster.healthIssues;
  delete cluster.updates;
  delete cluster.bootstrapClusterCreatorAdminPermissions;
  Object.assign(cluster, structuredClone(kept));
}
