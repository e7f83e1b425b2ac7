import type { RestRoute } from "../rest-json.ts";
import {
  createAccessEntry,
  deleteAccessEntry,
  describeAccessEntry,
  listAccessEntries,
  updateAccessEntry,
} from "./access-entries.ts";
import { listAccessPolicies } from "./access-policies.ts";
import {
  associateAccessPolicy,
  disassociateAccessPolicy,
  listAssociatedAccessPolicies,
} from "./associations.ts";
import type { EksCall } from "./call.ts";
import { describeCluster, listClusters } from "./clusters.ts";
import { describeUpdate, updateClusterConfig } from "./updates.ts";

interface EksRoute extends RestRoute {
  readonly run: (call: EksCall) => unknown;
}

const ENTRY = "/clusters/{name}/access-entries/{principalArn}";

/** Source: EKS service model 2017-11-01. */
export const EKS_ROUTES: readonly EksRoute[] = [
  route("GET", "/clusters", listClusters),
  route("GET", "/clusters/{name}", describeCluster),
  route("POST", "/clusters/{name}/update-config", updateClusterConfig),
  route("GET", "/clusters/{name}/updates/{updateId}", describeUpdate),
  route("GET", "/access-policies", listAccessPolicies),
  route("GET", "/clusters/{name}/access-entries", listAccessEntries),
  route("POST", "/clusters/{name}/access-entries", createAccessEntry),
  route("GET", ENTRY, describeAccessEntry),
  route("POST", ENTRY, updateAccessEntry),
  route("DELETE", ENTRY, deleteAccessEntry),
  route("GET", `${ENTRY}/access-policies`, listAssociatedAccessPolicies),
  route("POST", `${ENTRY}/access-policies`, associateAccessPolicy),
  route("DELETE", `${ENTRY}/access-policies/{policyArn}`, disassociateAccessPolicy),
];

/** The operation is named as its function. */
function route(method: string, path: string, run: (call: EksCall) => unknown): EksRoute {
  return { method, path, run, operation: run.name.charAt(0).toUpperCase() + run.name.slice(1) };
}
