import { isRecord } from "../record.ts";
import type { KubeRecord } from "./kubeconfig-document.ts";

/** The extension that marks a cluster or context as ours. kubectl keeps extensions when it rewrites a file. */
export const OWNER_EXTENSION = "vouch.kubectl/owner";

/** ARN of the cluster that a cluster or context of ours belongs to; undefined if it is not ours. */
export function ownedCluster(body: KubeRecord): string | undefined {
  const extensions = body["extensions"];
  if (!Array.isArray(extensions)) return undefined;
  const owner = extensions.find((item) => isRecord(item) && item["name"] === OWNER_EXTENSION)?.extension;
  return isRecord(owner) && typeof owner["cluster"] === "string" ? owner["cluster"] : undefined;
}
