import assert from "node:assert/strict";
import {
  accessRequestOf,
  formatAttempt,
  parseAttempt,
} from "../../../../doctor/derive/authorization/access-request.ts";
import { readSymptom } from "../../../../doctor/derive/failure/read-symptom.ts";
import type { AccessRequest } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle } from "../../support/bundle.ts";

describe("--for", () => {
  const questions: Readonly<Record<string, object | undefined>> = {
    "list deployments.apps -n web": {
      verb: "list",
      group: "apps",
      resource: "deployments",
      namespace: "web",
    },
    "list deploy -n web": { verb: "list", group: "apps", resource: "deployments", namespace: "web" },
    "get pods/web-0 --namespace=web": {
      verb: "get",
      group: "",
      resource: "pods",
      namespace: "web",
      name: "web-0",
    },
    "get pods/log -nweb": { verb: "get", group: "", resource: "pods", subresource: "log", namespace: "web" },
    "create pods/web-0/exec": {
      verb: "create",
      group: "",
      resource: "pods",
      subresource: "exec",
      namespace: "default",
      name: "web-0",
    },
    "patch deployments --subresource scale": {
      verb: "patch",
      group: "apps",
      resource: "deployments",
      subresource: "scale",
      namespace: "default",
    },
    "get secrets token": {
      verb: "get",
      group: "",
      resource: "secrets",
      namespace: "default",
      name: "token",
    },
    "list pods -A": { verb: "list", group: "", resource: "pods" },
    "list nodes": { verb: "list", group: "", resource: "nodes" },
    "get ns/web": { verb: "get", group: "", resource: "namespaces", namespace: "web", name: "web" },
    "LIST Ingresses": {
      verb: "list",
      group: "networking.k8s.io",
      resource: "ingresses",
      namespace: "default",
    },
    "get networkpolicy": {
      verb: "get",
      group: "networking.k8s.io",
      resource: "networkpolicies",
      namespace: "default",
    },
    "list servicemonitors.monitoring.coreos.com": {
      verb: "list",
      group: "monitoring.coreos.com",
      resource: "servicemonitors",
      namespace: "default",
    },
    "list pods.metrics.k8s.io": {
      verb: "list",
      group: "metrics.k8s.io",
      resource: "pods",
      namespace: "default",
    },
    "list widgets": { verb: "list", resource: "widgets", namespace: "default" },
    "get /metrics": { verb: "get", path: "/metrics" },
    "'list' \"pods\"": { verb: "list", group: "", resource: "pods", namespace: "default" },
    list: undefined,
    "": undefined,
    "list po$ds": undefined,
  };
  for (const [text, attempt] of Object.entries(questions)) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseAttempt(text, "default"), attempt);
    });
  }

  it("reads back what is written for somebody else to ask", () => {
    for (const attempt of Object.values(questions)) {
      if (attempt === undefined) continue;
      const text = formatAttempt(attempt as AccessRequest);
      assert.deepEqual(parseAttempt(text, "elsewhere"), attempt, text);
    }
  });
});

describe("accessRequestOf", () => {
  const question = { attempt: { verb: "list", group: "", resource: "pods", namespace: "web" } };

  it("is what the question says", () => {
    const bundle = healthyBundle({ question });
    assert.deepEqual(accessRequestOf(bundle, readSymptom(bundle)), question.attempt);
  });

  it("is what the refusal says, when there is one", () => {
    const stderr =
      'Error: list: failed to list: secrets is forbidden: User "u" cannot list resource "secrets" in API group "" in the namespace "web"';
    const bundle = healthyBundle({ question: { ...question, stderr, exitCode: 1 } });
    assert.deepEqual(accessRequestOf(bundle, readSymptom(bundle)), {
      verb: "list",
      group: "",
      resource: "secrets",
      namespace: "web",
    });
  });
});
