import { askedCluster, type ClusterGuard, findClusterRecord } from "../../token/mint/cluster-records.ts";

/** What binds a token in one folder, where nothing is required. */
export function guardIn(state: string, request: Parameters<typeof askedCluster>[0]): () => ClusterGuard {
  return () => ({ isRequired: false, record: findClusterRecord(state, askedCluster(request)) });
}
