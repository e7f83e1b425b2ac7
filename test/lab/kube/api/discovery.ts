import type { Cluster } from "../../model.ts";
import { minorVersion } from "../cluster-version.ts";
import type { MediaType } from "./negotiation.ts";
import { RESOURCES, type Resource } from "./resources.ts";

const GROUPS = [...new Set(RESOURCES.map(({ group }) => group))];

/** The answer to a discovery path in the old form, one group version at a time; undefined for any other path. */
export function discovery(path: string): unknown {
  const [root, group, version, ...rest] = path.split("/").slice(1);
  if (rest.length > 0) return undefined;
  if (root === "api") {
    if (group === undefined) return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    return version === undefined && group === "v1" ? resourceList("", "v1") : undefined;
  }
  if (root !== "apis") return undefined;
  if (group === undefined) {
    return { kind: "APIGroupList", apiVersion: "v1", groups: GROUPS.filter(Boolean).map(apiGroup) };
  }
  if (!GROUPS.includes(group) || group === "") return undefined;
  if (version === undefined) return { kind: "APIGroup", apiVersion: "v1", ...apiGroup(group) };
  return versionsOf(group).includes(version) ? resourceList(group, version) : undefined;
}

/**
 * The answer to `/api` or `/apis` in the aggregated form, when the client asks for a version of it that this
 * Kubernetes speaks (v2beta1 from 1.27, v2 from 1.30); undefined otherwise, and the client gets the old form.
 */
export function aggregatedDiscovery(
  path: string,
  accept: readonly MediaType[],
  cluster: Pick<Cluster, "version">,
): { contentType: string; body: unknown } | undefined {
  if (path !== "/api" && path !== "/apis") return undefined;
  const minor = minorVersion(cluster);
  const spoken = [minor >= 30 ? "v2" : "", minor >= 27 && minor < 34 ? "v2beta1" : ""].filter(Boolean);
  const asked = accept.find(
    ({ type, parameters }) =>
      type === "application/json" &&
      parameters["as"] === "APIGroupDiscoveryList" &&
      spoken.includes(parameters["v"] ?? ""),
  );
  if (asked === undefined) return undefined;
  const version = asked.parameters["v"];
  const groups = path === "/api" ? [""] : GROUPS.filter(Boolean);
  return {
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    body: {
      kind: "APIGroupDiscoveryList",
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
      items: groups.map(groupDiscovery),
    },
  };
}

function versionsOf(group: string): string[] {
  return [...new Set(RESOURCES.filter((one) => one.group === group).map(({ version }) => version))];
}

function apiGroup(name: string): Record<string, unknown> {
  const versions = versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function inVersion(group: string, version: string): Resource[] {
  return RESOURCES.filter((one) => one.group === group && one.version === version);
}

function resourceList(group: string, version: string): Record<string, unknown> {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources: inVersion(group, version).flatMap((resource) => [
      {
        name: resource.name,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
        ...(resource.inAll && { categories: ["all"] }),
      },
      ...resource.subresources.map((subresource) => ({
        name: `${resource.name}/${subresource}`,
        singularName: "",
        namespaced: resource.namespaced,
        ...kindOfSubresource(resource, subresource),
        verbs: ["get", "patch", "update"],
      })),
    ]),
  };
}

function groupDiscovery(group: string): Record<string, unknown> {
  return {
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(group).map((version) => ({
      version,
      freshness: "Current",
      resources: inVersion(group, version).map((resource) => ({
        resource: resource.name,
        responseKind: { group, version, kind: resource.kind },
        scope: resource.namespaced ? "Namespaced" : "Cluster",
        singularResource: resource.singular,
        verbs: resource.verbs,
        ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
        ...(resource.inAll && { categories: ["all"] }),
        subresources: resource.subresources.map((subresource) => ({
          subresource,
          responseKind: { ...kindOfSubresource(resource, subresource) },
          verbs: ["get", "patch", "update"],
        })),
      })),
    })),
  };
}

function kindOfSubresource(
  { group, version, kind }: Resource,
  subresource: string,
): { group: string; version: string; kind: string } {
  if (subresource === "scale") return { group: "autoscaling", version: "v1", kind: "Scale" };
  if (subresource === "token") return { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" };
  if (subresource === "eviction") return { group: "policy", version: "v1", kind: "Eviction" };
  return { group, version, kind };
}
