import assert from "node:assert/strict";
import { aggregatedDiscovery, discovery } from "../../../lab/kube/api/discovery.ts";
import { accepted } from "../../../lab/kube/api/negotiation.ts";

/** As kubectl 1.36 and 1.28 ask. */
const ASK_V2 =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
const ASK_V2BETA1 =
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

describe("discovery", () => {
  it("lists the core version", () => {
    assert.deepEqual(discovery("/api"), {
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [],
    });
  });

  it("describes a group", () => {
    assert.deepEqual(discovery("/apis/apps"), {
      kind: "APIGroup",
      apiVersion: "v1",
      name: "apps",
      versions: [{ groupVersion: "apps/v1", version: "v1" }],
      preferredVersion: { groupVersion: "apps/v1", version: "v1" },
    });
  });

  it("lists the resources of a version, and what is below them", () => {
    assert.deepEqual(discovery("/apis/rbac.authorization.k8s.io/v1"), {
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: "rbac.authorization.k8s.io/v1",
      resources: (
        [
          ["clusterrolebindings", "ClusterRoleBinding", false],
          ["clusterroles", "ClusterRole", false],
          ["rolebindings", "RoleBinding", true],
          ["roles", "Role", true],
        ] as const
      ).map(([name, kind, namespaced]) => ({
        name,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      })),
    });
    const { resources } = discovery("/apis/apps/v1") as { resources: { name: string; group?: string }[] };
    assert.deepEqual(
      resources.find(({ name }) => name === "deployments/scale"),
      {
        name: "deployments/scale",
        singularName: "",
        namespaced: true,
        group: "autoscaling",
        version: "v1",
        kind: "Scale",
        verbs: ["get", "patch", "update"],
      },
    );
  });

  for (const path of [
    "/api/v2",
    "/apis/nothing.example.com",
    "/apis/apps/v9",
    "/apis/apps/v1/x/y",
    "/other",
  ]) {
    it(`knows no ${path}`, () => assert.equal(discovery(path), undefined));
  }
});

describe("aggregated discovery", () => {
  /** `undefined`: the client gets the old form. */
  const cases: readonly [version: string, header: string, spoken: string | undefined][] = [
    ["1.26", ASK_V2, undefined],
    ["1.28", ASK_V2, "v2beta1"],
    ["1.36", ASK_V2, "v2"],
    ["1.30", ASK_V2BETA1, "v2beta1"],
    ["1.36", ASK_V2BETA1, undefined],
    ["1.36", "application/json", undefined],
  ];
  for (const [version, header, spoken] of cases) {
    it(`of Kubernetes ${version} answers ${spoken ?? "nothing"} to ${header.slice(0, 50)}…`, () => {
      const answer = aggregatedDiscovery("/apis", accepted(header), { version });
      assert.equal(
        answer?.contentType,
        spoken && `application/json;g=apidiscovery.k8s.io;v=${spoken};as=APIGroupDiscoveryList`,
      );
    });
  }

  it("describes each resource", () => {
    const { body } = aggregatedDiscovery("/api", accepted(ASK_V2), { version: "1.36" }) ?? {};
    const { items } = body as { items: { versions: { resources: { resource: string }[] }[] }[] };
    assert.deepEqual(
      items[0]?.versions[0]?.resources.find(({ resource }) => resource === "configmaps"),
      {
        resource: "configmaps",
        responseKind: { group: "", version: "v1", kind: "ConfigMap" },
        scope: "Namespaced",
        singularResource: "configmap",
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        shortNames: ["cm"],
        subresources: [],
      },
    );
  });
});
