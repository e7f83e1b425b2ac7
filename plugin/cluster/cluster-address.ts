import { VouchError } from "../../token/errors/errors.ts";
import type { KubeconfigView } from "../../token/kubeconfig/kubeconfig-view.ts";
import { asClientGoEncodes } from "../../token/mint/cluster-records.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import type { ClusterAccess } from "./cluster-api.ts";

export type ClusterAddress = Pick<ClusterAccess, "server" | "caData" | "tlsServerName" | "proxyUrl">;

/** Where the kubeconfig says that a context's API server is. Throws `context-missing` if it does not say. */
export function clusterAddress(view: KubeconfigView, { name, cluster }: VouchContext): ClusterAddress {
  const body = view.entries.clusters.get(cluster)?.body;
  const server = body?.["server"];
  if (typeof server !== "string")
    throw new VouchError("context-missing", `Cluster ${cluster} of context ${name} does not have a server.`);
  const text = (field: string) => (typeof body?.[field] === "string" ? body[field] : undefined);
  return {
    server,
    caData: text("certificate-authority-data"),
    tlsServerName: text("tls-server-name"),
    proxyUrl: text("proxy-url"),
  };
}

/** The cluster as a client describes it in KUBERNETES_EXEC_INFO. */
export function calledCluster({ server, caData, tlsServerName }: ClusterAddress): object {
  return {
    server,
    "tls-server-name": tlsServerName,
    "certificate-authority-data": caData === undefined ? undefined : asClientGoEncodes(caData),
  };
}
