import assert from "node:assert/strict";
import { pluginCrash } from "../../../../doctor/rules/plugin/plugin-crash.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";
import { connectError, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

const TRACEBACK =
  "Traceback (most recent call last):\n  File \"/usr/bin/aws\", line 23\nKeyError: 'credentialScope'\n";

describe("plugin-crash", () => {
  it("is certain of a plugin that crashes when it is run", () => {
    const bundle = KUBECONFIG_FAULTS["K16"] ?? healthyBundle();
    assert.deepEqual(verdicts(pluginCrash, bundle), [
      {
        cause: "K16",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        commands: ["pipx install --force awscli", "aws --version"],
      },
    ]);
    assert.deepEqual(findingsOf(pluginCrash, bundle)?.[0]?.evidence, [
      "It ended with 255 and said: “ImportError: cannot import name 'docevents' from 'botocore.docs.bcdoc'”",
    ]);
  });

  it("is likely by the words alone", () => {
    assert.deepEqual(confidences(pluginCrash, without(pluginFailed(TRACEBACK), "pluginRun")), ["K16 likely"]);
  });

  it("is only likely when the plugin runs well now", () => {
    const bundle = stopped(
      `${TRACEBACK}${connectError("getting credentials: exec: executable aws failed with exit code 1")}`,
      {
        pluginRun: { exitCode: 0, stderr: "" },
      },
    );
    assert.deepEqual(confidences(pluginCrash, bundle), ["K16 likely"]);
  });

  it("is silent on AWS's own sentences, on a plugin that is not found, and on a traceback of the caller", () => {
    assert.deepEqual(findingsOf(pluginCrash, pluginFailed("Unable to locate credentials")), []);
    assert.deepEqual(findingsOf(pluginCrash, KUBECONFIG_FAULTS["K1"] ?? healthyBundle()), []);
    const bundle = unauthorized({
      question: { exitCode: 1, stderr: `${TRACEBACK}ApiException: (401)\nReason: Unauthorized` },
    });
    assert.deepEqual(findingsOf(pluginCrash, bundle), []);
  });
});
