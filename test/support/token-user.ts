import assert from "node:assert/strict";
import { clusterApi } from "../../plugin/cluster/cluster-api.ts";
import type { Lab } from "../lab/lab.ts";

/** The user that the lab's API server sees in a token. */
export async function tokenUser({ kube, cluster }: Lab, token: string): Promise<string> {
  const [server] = kube.values();
  assert.ok(server);
  const caData = Buffer.from(cluster.certificateAuthority).toString("base64");
  return (await clusterApi({ context: "test", server: server.url, caData, token }).whoami()).username;
}
