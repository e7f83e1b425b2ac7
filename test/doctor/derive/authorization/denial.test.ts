import assert from "node:assert/strict";
import { describeRequest } from "../../../../doctor/derive/authorization/denial.ts";
import type { AccessRequest } from "../../../../doctor/evidence/evidence.ts";

describe("describeRequest", () => {
  const said: readonly (readonly [AccessRequest, string])[] = [
    [{ verb: "list", group: "", resource: "pods", namespace: "web" }, "list pods in namespace web"],
    [{ verb: "list", group: "", resource: "pods" }, "list pods in all namespaces"],
    [{ verb: "get", group: "", resource: "pods", subresource: "log" }, "get pods/log in all namespaces"],
    [{ verb: "list", resource: "deployments" }, "list deployments in all namespaces"],
    [
      { verb: "list", group: "metrics.k8s.io", resource: "pods" },
      "list pods.metrics.k8s.io in all namespaces",
    ],
    [
      { verb: "list", group: "metrics.k8s.io", resource: "nodes" },
      "list nodes.metrics.k8s.io at the cluster scope",
    ],
    [{ verb: "get", group: "", resource: "nodes", name: "n1" }, "get nodes n1 at the cluster scope"],
    [{ verb: "list", group: "", resource: "namespaces" }, "list namespaces at the cluster scope"],
    // Custom resources may belong to no namespace, also under the name of another kind.
    [
      { verb: "list", group: "config.openshift.io", resource: "ingresses" },
      "list ingresses.config.openshift.io at the cluster scope",
    ],
    [{ verb: "get", path: "/metrics" }, "get /metrics"],
  ];
  for (const [request, words] of said) it(words, () => assert.equal(describeRequest(request), words));
});
