import assert from "node:assert/strict";
import { pluginVersionMismatch } from "../../../../doctor/rules/plugin/plugin-version-mismatch.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import {
  connectError,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  V1ALPHA1,
  V1BETA1,
} from "../../support/kubeconfig-faults.ts";

function differs(wanted: string, given: string): string {
  return connectError(
    `getting credentials: exec plugin is configured to use API version ${wanted}, plugin returned version ${given}`,
  );
}

describe("plugin-version-mismatch", () => {
  it("is certain of an old plugin, which only an upgrade helps", () => {
    assert.deepEqual(verdicts(pluginVersionMismatch, KUBECONFIG_FAULTS["K3"] ?? healthyBundle()), [
      { cause: "K3", stage: "plugin", severity: "error", confidence: "certain", commands: [] },
    ]);
  });

  it("makes the kubeconfig ask for what a plugin of one version gives", () => {
    assert.deepEqual(verdicts(pluginVersionMismatch, stopped(differs(V1BETA1, V1)))?.[0]?.commands, [
      `kubectl config set-credentials lab --exec-api-version=${V1} --exec-interactive-mode=IfAvailable`,
    ]);
  });

  it("goes by running the plugin when nobody said how the call failed", () => {
    const pluginRun = { exitCode: 0, stderr: "", credential: { apiVersion: V1ALPHA1, hasToken: true } };
    assert.deepEqual(confidences(pluginVersionMismatch, stopped("", { question: {}, pluginRun })), [
      "K3 certain",
    ]);
  });

  const silent = {
    "an empty answer": stopped(differs(V1, "client.authentication.k8s.io/__internal")),
    "a client that sends no exec info": stopped(
      `Empty KUBERNETES_EXEC_INFO, defaulting to ${V1ALPHA1}\n${differs(V1BETA1, V1ALPHA1)}`,
    ),
    "a client that takes any version": healthyBundle({
      pluginRun: { exitCode: 0, stderr: "", credential: { apiVersion: V1, hasToken: true } },
    }),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(pluginVersionMismatch, bundle), []);
    });
  }
});
