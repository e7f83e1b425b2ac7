import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import { ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import { contextsWith, type KubeconfigDraft } from "./kubeconfig-draft.ts";

/** The clusters that exist, and what was searched. */
export interface LiveClusters {
  readonly arns: ReadonlySet<string>;
  /** Account and region of each list that was read whole. A cluster elsewhere may well exist. */
  readonly scopes: readonly { readonly accountId: string; readonly region: string }[];
}

/** A context of ours that was removed. */
export interface PrunedContext {
  readonly context: string;
  readonly clusterArn: string;
}

/** Removes our contexts whose cluster is gone, with their cluster and user entries unless another context uses them. */
export function pruneContexts(draft: KubeconfigDraft, live: LiveClusters): PrunedContext[] {
  return draft.names("contexts").flatMap((context) => {
    const body = draft.body("contexts", context);
    const clusterArn = ownedCluster(body);
    if (clusterArn === undefined || !isGone(clusterArn, live)) return [];

    draft.remove("contexts", context);
    const { cluster, user } = body;
    const isOurCluster = ownedCluster(draft.body("clusters", cluster)) === clusterArn;
    if (isUnused(draft, "cluster", cluster) && isOurCluster) draft.remove("clusters", String(cluster));
    const isOurUser = vouchStanza(draft.body("users", user))?.by === "kubectl-vouch";
    if (isUnused(draft, "user", user) && isOurUser) draft.remove("users", String(user));
    return [{ context, clusterArn }];
  });
}

/** Whether the cluster's account and region were searched, and it is not there. */
export function isGone(arn: string, { arns, scopes }: LiveClusters): boolean {
  const [, , , region, accountId] = arn.split(":");
  const wasSearched = scopes.some((scope) => scope.region === region && scope.accountId === accountId);
  return wasSearched && !arns.has(arn);
}

function isUnused(draft: KubeconfigDraft, part: "cluster" | "user", name: unknown): boolean {
  return contextsWith(draft, part, name).length === 0;
}
