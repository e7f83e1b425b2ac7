import assert from "node:assert/strict";
import { pluginInteractiveMode } from "../../../../doctor/rules/kubeconfig/plugin-interactive-mode.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import {
  connectError,
  edited,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  V1BETA1,
  vouchExec,
} from "../../support/kubeconfig-faults.ts";

const ASK = "kubectl config set-credentials lab --exec-interactive-mode=IfAvailable";

describe("plugin-interactive-mode", () => {
  it("is certain of v1 without a mode", () => {
    assert.deepEqual(verdicts(pluginInteractiveMode, KUBECONFIG_FAULTS["K4"] ?? healthyBundle()), [
      {
        cause: "K4",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [ASK, `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`],
      },
    ]);
  });

  it("goes by the kubeconfig when nobody said how the call failed", () => {
    const bundle = stopped("", {
      question: {},
      ...vouchExec((text) => text.replace(/interactiveMode.*\n/, "")),
    });
    assert.deepEqual(confidences(pluginInteractiveMode, bundle), ["K4 certain"]);
  });

  it("sees a plugin that wants a terminal where there is none", () => {
    const why =
      "getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal";
    assert.deepEqual(verdicts(pluginInteractiveMode, stopped(connectError(why)))?.[0]?.commands, [ASK]);
  });

  it("is silent on v1beta1 without a mode, and on a client that ignores it", () => {
    assert.deepEqual(findingsOf(pluginInteractiveMode, stopped("", { question: {} })), []);
    const client = { name: "python" };
    const bundle = stopped("", { question: {}, client, ...edited([V1BETA1, V1]) });
    assert.deepEqual(findingsOf(pluginInteractiveMode, bundle), []);
  });
});
