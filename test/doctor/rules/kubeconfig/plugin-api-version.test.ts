import assert from "node:assert/strict";
import { pluginApiVersion } from "../../../../doctor/rules/kubeconfig/plugin-api-version.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS, stopped, V1ALPHA1, V1BETA1 } from "../../support/kubeconfig-faults.ts";

const ASK_BETA = `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`;
const OLD = edited([V1BETA1, V1ALPHA1]);

describe("plugin-api-version", () => {
  it("is certain of v1alpha1 when the client refuses it", () => {
    assert.deepEqual(verdicts(pluginApiVersion, KUBECONFIG_FAULTS["K2"] ?? healthyBundle()), [
      {
        cause: "K2",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
          ASK_BETA,
        ],
      },
    ]);
  });

  it("sees a client that is too old for v1", () => {
    const stderr = 'error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1"\n';
    const bundle = stopped(stderr, { client: { name: "terraform" } });
    const [found] = findingsOf(pluginApiVersion, bundle) ?? [];
    assert.match(found?.summary ?? "", /^terraform does not know .*, client\.authentication\.k8s\.io\/v1\.$/);
    assert.deepEqual(verdicts(pluginApiVersion, bundle)?.[0]?.commands, [ASK_BETA]);
  });

  it("goes by the kubeconfig when nobody said how the call failed", () => {
    const unasked = { question: {}, ...OLD };
    assert.deepEqual(confidences(pluginApiVersion, stopped("", unasked)), ["K2 certain"]);
    const client = { name: "kubectl" };
    assert.deepEqual(confidences(pluginApiVersion, stopped("", { ...unasked, client })), ["K2 likely"]);
  });

  it("is certain of a missing apiVersion, which no client takes", () => {
    const missing = edited([`apiVersion: ${V1BETA1}\n      command`, "command"]);
    for (const client of [{ name: "kubectl" }, { name: "kubectl", version: "v1.23.17" }]) {
      const bundle = stopped("", { question: {}, ...missing, client });
      assert.deepEqual(confidences(pluginApiVersion, bundle), ["K2 certain"]);
      assert.equal(findingsOf(pluginApiVersion, bundle)[0]?.summary, "The exec block has no apiVersion.");
    }
  });

  it("is silent on a kubectl before 1.24, for which v1alpha1 is fine", () => {
    const client = { name: "kubectl", version: "v1.23.17" };
    assert.deepEqual(findingsOf(pluginApiVersion, stopped("", { question: {}, ...OLD, client })), []);
  });

  it("is silent on v1alpha1 where the call works, and on the plugin's line that it is deprecated", () => {
    const stderr =
      "Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1. Run 'aws eks update-kubeconfig' to update.";
    const bundle = healthyBundle({ ...OLD, pluginRun: { exitCode: 0, stderr } });
    assert.deepEqual(findingsOf(pluginApiVersion, bundle), []);
    assert.deepEqual(findingsOf(pluginApiVersion, stopped(`${stderr}\nerror: boom`)), []);
  });
});
