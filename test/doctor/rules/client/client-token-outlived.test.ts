import assert from "node:assert/strict";
import { clientTokenOutlived } from "../../../../doctor/rules/client/client-token-outlived.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";

const T5 = CLIENT_FAULTS["T5"] ?? healthyBundle();
const endless = { exitCode: 0, stderr: "", credential: { apiVersion: V1BETA1, hasToken: true } };
const client = { name: "dashboard", runSeconds: 5400 };

describe("client-token-outlived", () => {
  it("is certain of a kept token while a fresh one is accepted", () => {
    assert.deepEqual(verdicts(clientTokenOutlived, T5), [
      { cause: "T5", stage: "client", severity: "error", confidence: "certain", commands: [] },
    ]);
  });

  it("is likely when nobody knows whether a fresh one is", () => {
    assert.deepEqual(confidences(clientTokenOutlived, { ...T5, apiServer: { failed: "not asked" } }), [
      "T5 likely",
    ]);
  });

  it("is likely, and inferred, of a plugin that names no end", () => {
    const bundle = unauthorized({ client, pluginRun: endless });
    const [found] = findingsOf(clientTokenOutlived, bundle) ?? [];
    assert.deepEqual([found?.confidence, found?.inferred], ["likely", true]);
  });

  const silent = {
    "a process younger than a token": {
      ...T5,
      client: { ...client, runSeconds: 600, configuration: "BearerToken" },
    },
    "a process of unknown age": { ...T5, client: { name: "x", configuration: "BearerToken" } },
    "a plugin that names an end": unauthorized({ client }),
    "Terraform, whose token is another cause": {
      ...T5,
      client: { ...client, name: "terraform", configuration: "token = x" },
    },
    "a process that recovers": { ...T5, client, pluginRun: endless },
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(clientTokenOutlived, bundle), []);
    });
  }
});
