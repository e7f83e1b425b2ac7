import assert from "node:assert/strict";
import { pluginOutput } from "../../../../doctor/rules/plugin/plugin-output.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, fixesOf, pluginFailed, verdicts } from "../../support/credential-case.ts";
import {
  connectError,
  edited,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  vouchExec,
} from "../../support/kubeconfig-faults.ts";

const JSON_ARGS =
  "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json";

describe("plugin-output", () => {
  it("is certain of another format, and has the exec block ask for JSON", () => {
    const bundle = KUBECONFIG_FAULTS["K6"] ?? healthyBundle();
    assert.deepEqual(verdicts(pluginOutput, bundle), [
      { cause: "K6", stage: "plugin", severity: "error", confidence: "certain", commands: [JSON_ARGS] },
    ]);
    assert.deepEqual(findingsOf(pluginOutput, bundle)?.[0]?.evidence.slice(2), [
      "The arguments do not have --output json.",
      "AWS_DEFAULT_OUTPUT is text.",
    ]);
  });

  it("removes --query", () => {
    const bundle = stopped("", {
      question: {},
      ...edited(["json]", "json, --query, status.token]"]),
      pluginRun: { exitCode: 0, stderr: "", stdoutHead: '"k8s-' },
    });
    assert.deepEqual(verdicts(pluginOutput, bundle)?.[0]?.commands, [JSON_ARGS]);
  });

  it("has a wrapper print its banner elsewhere", () => {
    const changes = {
      ...vouchExec((text) => text.replace("kubectl-vouch", "/opt/wrapper.sh")),
      pluginRun: { exitCode: 0, stderr: "", stdoutHead: "Welcome!\n{" },
    };
    const bundle = stopped("", { question: {}, ...changes });
    const [found] = findingsOf(pluginOutput, bundle) ?? [];
    assert.deepEqual(
      found?.evidence,
      ["Run by itself, it ends with 0 and prints “Welcome! {”."].map((text) => text.replace("! {", "!\n{")),
    );
    assert.match(fixesOf(pluginOutput, bundle)[0]?.description ?? "", /stderr/);
  });

  for (const why of [
    `exec plugin is configured to use API version ${V1}, plugin returned version client.authentication.k8s.io/__internal`,
    "exec plugin didn't return a status field",
    "exec plugin didn't return a token or cert/key pair",
    'decoding stdout: parsing time "nope" as "2006-01-02T15:04:05Z07:00": cannot parse "nope" as "2006"',
  ]) {
    it(`is certain by the words: ${why.slice(0, 60)}`, () => {
      assert.deepEqual(confidences(pluginOutput, stopped(connectError(`getting credentials: ${why}`))), [
        "K6 certain",
      ]);
    });
  }

  it("is silent on a plugin that ends with an error", () => {
    assert.deepEqual(findingsOf(pluginOutput, pluginFailed("Unable to locate credentials")), []);
  });

  it("is silent on AWS_DEFAULT_OUTPUT=text where the arguments hold --output json", () => {
    const environment = { HOME: "/home/ada", AWS_DEFAULT_OUTPUT: "text" };
    assert.deepEqual(findingsOf(pluginOutput, healthyBundle({ environment })), []);
  });
});
