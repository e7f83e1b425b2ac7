import assert from "node:assert/strict";
import { requestInfo } from "../../../lab/kube/api/request-info.ts";

/** As `verb group/version resource/subresource namespace name`, `.` where empty. */
function told(method: string, target: string): string {
  const { attributes } = requestInfo(method, target);
  if ("path" in attributes) return `${attributes.verb} path ${attributes.path}`;
  const { verb, group, version, resource, subresource, namespace, name } = attributes;
  const parts = [verb, `${group}/${version}`, `${resource}/${subresource}`, namespace, name];
  return parts.map((part) => part || ".").join(" ");
}

describe("what a request line asks", () => {
  /** Origin: kubernetes/apiserver, pkg/endpoints/request/requestinfo_test.go. */
  const lines: readonly [method: string, target: string, meaning: string][] = [
    ["GET", "/api/v1/namespaces", "list /v1 namespaces/ . ."],
    ["GET", "/api/v1/namespaces/other", "get /v1 namespaces/ other other"],
    ["DELETE", "/api/v1/namespaces/other", "delete /v1 namespaces/ other other"],
    ["PUT", "/api/v1/namespaces/other/finalize", "update /v1 namespaces/finalize other other"],
    ["GET", "/api/v1/namespaces/other/status", "get /v1 namespaces/status other other"],
    ["GET", "/api/v1/namespaces/other/pods", "list /v1 pods/ other ."],
    ["GET", "/api/v1/namespaces/other/pods/foo", "get /v1 pods/ other foo"],
    ["HEAD", "/api/v1/namespaces/other/pods/foo", "get /v1 pods/ other foo"],
    ["GET", "/api/v1/namespaces/other/pods/foo/log", "get /v1 pods/log other foo"],
    ["POST", "/api/v1/namespaces/other/pods/foo/exec", "create /v1 pods/exec other foo"],
    ["GET", "/api/v1/pods", "list /v1 pods/ . ."],
    ["HEAD", "/api/v1/pods", "list /v1 pods/ . ."],
    ["GET", "/api/v1/nodes/n1", "get /v1 nodes/ . n1"],
    ["GET", "/api/v1/pods?watch=true", "watch /v1 pods/ . ."],
    ["GET", "/api/v1/pods?watch=false", "list /v1 pods/ . ."],
    ["GET", "/api/v1/watch/namespaces/other/pods", "watch /v1 pods/ other ."],
    ["GET", "/api/v1/namespaces/other/pods?fieldSelector=metadata.name%3Dfoo", "list /v1 pods/ other foo"],
    ["POST", "/api/v1/namespaces/other/pods", "create /v1 pods/ other ."],
    ["PATCH", "/api/v1/namespaces/other/pods/foo", "patch /v1 pods/ other foo"],
    ["DELETE", "/api/v1/namespaces/other/pods", "deletecollection /v1 pods/ other ."],
    ["GET", "/apis/apps/v1/namespaces/other/deployments/d/scale", "get apps/v1 deployments/scale other d"],
    [
      "GET",
      "/apis/rbac.authorization.k8s.io/v1/clusterroles",
      "list rbac.authorization.k8s.io/v1 clusterroles/ . .",
    ],
    ["GET", "/api", "get path /api"],
    ["GET", "/apis/apps/v1", "get path /apis/apps/v1"],
    ["GET", "/metrics?x=y", "get path /metrics"],
    ["POST", "/", "post path /"],
  ];
  for (const [method, target, meaning] of lines) {
    it(`${method} ${target}: ${meaning}`, () => assert.equal(told(method, target), meaning));
  }
});
