import assert from "node:assert/strict";
import { reviewQuestions } from "../../../../doctor/probes/cluster/kube.ts";

describe("reviewQuestions", () => {
  const short = (...about: Parameters<typeof reviewQuestions>) =>
    reviewQuestions(...about).map(({ verb, resource, subresource, name, namespace, path }) =>
      [verb, path ?? resource, subresource, name, namespace].map((word) => word ?? "-").join(" "),
    );

  it("are what people do first when nothing was attempted", () => {
    assert.deepEqual(short(undefined, "web"), [
      "list pods - - web",
      "list pods - - -",
      "list secrets - - web",
      "list namespaces - - -",
      "list nodes - - -",
    ]);
  });

  it("are the attempt first, then what tells its refusal from others, each once", () => {
    const attempt = {
      verb: "get",
      group: "",
      resource: "pods",
      subresource: "log",
      namespace: "a",
      name: "web-0",
    };
    assert.deepEqual(short(attempt, "b").slice(0, 10), [
      "get pods log web-0 a",
      "get pods log - a",
      "get pods log - -",
      "list pods log - a",
      "create pods log - a",
      "update pods log - a",
      "delete pods log - a",
      "get pods log - b",
      "get pods log - default",
      "list pods - - b",
    ]);
  });

  it("leave a path alone", () => {
    assert.deepEqual(short({ verb: "get", path: "/metrics" }, "a").slice(0, 2), [
      "get /metrics - - -",
      "list pods - - a",
    ]);
  });
});
