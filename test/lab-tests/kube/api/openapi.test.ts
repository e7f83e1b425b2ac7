import assert from "node:assert/strict";
import { openApiV2 } from "../../../lab/kube/api/openapi-v2.ts";
import { openApiV3 } from "../../../lab/kube/api/openapi-v3.ts";

describe("OpenAPI", () => {
  it("v3 has a document for each group version", () => {
    const { paths } = openApiV3("/openapi/v3") as { paths: Record<string, unknown> };
    assert.deepEqual(
      [paths["api/v1"], paths["apis/apps/v1"]],
      [
        { serverRelativeURL: "/openapi/v3/api/v1?hash=lab" },
        { serverRelativeURL: "/openapi/v3/apis/apps/v1?hash=lab" },
      ],
    );
  });

  it("v3 says that the server validates fields", () => {
    const { paths } = openApiV3("/openapi/v3/apis/apps/v1") as {
      paths: Record<string, { patch: Record<string, unknown> }>;
    };
    const patch = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]?.patch;
    const parameters = patch?.["parameters"] as { name: string }[];
    assert.deepEqual(
      [parameters.map(({ name }) => name), patch?.["x-kubernetes-group-version-kind"]],
      [["dryRun", "fieldManager", "fieldValidation"], { group: "apps", version: "v1", kind: "Deployment" }],
    );
  });

  it("v3 knows no other document", () => {
    assert.deepEqual(
      [openApiV3("/openapi/v3/apis/example.com/v1"), openApiV3("/openapi")],
      [undefined, undefined],
    );
  });

  it("v2 is protobuf, and says so of each kind", () => {
    const { contentType, body } = openApiV2();
    assert.equal(contentType, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    const path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    assert.deepEqual(
      [body.subarray(0, 5).toString("latin1"), body.includes(path), body.includes("fieldValidation")],
      ["\n\u00032.0", true, true],
    );
  });
});
