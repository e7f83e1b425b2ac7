import { randomUUID } from "node:crypto";
import type { AuthenticationMode, ClusterUpdate } from "../../model.ts";
import {
  clusterArn,
  type EksCall,
  invalidParameter,
  notFound,
  requireAllowed,
  requireCluster,
  seconds,
} from "./call.ts";

/** The only way a cluster may go, one step at a time. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
const NEXT_MODE: Readonly<Record<AuthenticationMode, AuthenticationMode | undefined>> = {
  CONFIG_MAP: "API_AND_CONFIG_MAP",
  API_AND_CONFIG_MAP: "API",
  API: undefined,
};

/**
 * Changes the authentication mode at once, and says that it is under way, as AWS does; DescribeUpdate then finds it
 * done.
 *
 * Other changes of configuration are not played. Nor is the creator's hidden right that shows when the mode leaves
 * CONFIG_MAP: the world knows no creator.
 */
export function updateClusterConfig(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:UpdateClusterConfig", clusterArn(call, call.path["name"] ?? ""));
  const accessConfig = call.body["accessConfig"] as { readonly authenticationMode?: unknown } | undefined;
  const mode = accessConfig?.authenticationMode;
  if (mode === undefined) throw invalidParameter("The type for cluster update was not provided.");
  const cluster = requireCluster(call);
  if (NEXT_MODE[cluster.authenticationMode] !== mode) {
    throw invalidParameter(
      `Unsupported authentication mode update from ${cluster.authenticationMode} to ${String(mode)}`,
    );
  }
  cluster.authenticationMode = mode as AuthenticationMode;
  const update: ClusterUpdate = {
    id: randomUUID(),
    status: "Successful",
    type: "AccessConfigUpdate",
    params: [{ type: "AuthenticationMode", value: JSON.stringify(mode) }],
    createdAt: call.now,
  };
  cluster.updates = [...(cluster.updates ?? []), update];
  return { update: updateJson({ ...update, status: "InProgress" }) };
}

export function describeUpdate(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:DescribeUpdate", clusterArn(call, call.path["name"] ?? ""));
  const id = call.path["updateId"];
  const update = requireCluster(call).updates?.find((candidate) => candidate.id === id);
  if (!update) throw notFound(`No update found for ID: ${id}`);
  return { update: updateJson(update) };
}

function updateJson(update: ClusterUpdate): unknown {
  return { ...update, createdAt: seconds(update.createdAt), errors: [] };
}
