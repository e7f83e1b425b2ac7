import assert from "node:assert/strict";
import { kubeconfigNone } from "../../../../doctor/rules/kubeconfig/kubeconfig-none.ts";
import { AWS_EXEC, ENDPOINT, healthyBundle, kubeconfigText } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { edited, files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

const LOCALHOST =
  "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n";

describe("kubeconfig-none", () => {
  it("is certain when the client calls localhost and there is no file", () => {
    assert.deepEqual(verdicts(kubeconfigNone, KUBECONFIG_FAULTS["K14"] ?? healthyBundle()), [
      {
        cause: "K14",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: ["aws eks update-kubeconfig --name lab --region eu-west-1"],
      },
    ]);
  });

  it("is likely by the words alone, whichever client says them", () => {
    const kubeconfig = { failed: "not given" };
    for (const stderr of [
      LOCALHOST,
      'Error: Kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused',
      "Error: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
      "Error: connect ECONNREFUSED 127.0.0.1:80",
    ]) {
      assert.deepEqual(confidences(kubeconfigNone, stopped(stderr, { kubeconfig })), ["K14 likely"]);
    }
  });

  it("is likely of another HOME when there is a kubeconfig with a current context, as under sudo", () => {
    const question = { command: "sudo kubectl get po", exitCode: 1, stderr: LOCALHOST };
    const bundle = stopped(LOCALHOST, { question });
    assert.deepEqual(verdicts(kubeconfigNone, bundle)?.[0]?.confidence, "likely");
    assert.deepEqual(verdicts(kubeconfigNone, bundle)?.[0]?.commands, [
      `export KUBECONFIG=${KUBECONFIG}`,
      `kubectl config current-context --kubeconfig=${KUBECONFIG}`,
    ]);
    assert.match(
      findingsOf(kubeconfigNone, bundle)?.[0]?.evidence.join(" ") ?? "",
      /sudo: root has another HOME/,
    );
  });

  it("chooses a context when none is current", () => {
    const bundle = stopped(LOCALHOST, edited(["current-context: lab\n", ""]));
    assert.deepEqual(verdicts(kubeconfigNone, bundle)?.[0]?.commands, ["kubectl config use-context lab"]);
  });

  const silent = {
    "a cluster that really is on this machine": stopped(
      LOCALHOST,
      files(kubeconfigText(AWS_EXEC).replace(ENDPOINT, "http://localhost:8080")),
    ),
    "a context whose cluster does not exist": stopped(
      LOCALHOST,
      edited(["    cluster: lab", "    cluster: gone"]),
    ),
    "another host that refuses": stopped("The connection to the server 10.0.0.1:443 was refused"),
    "a context that works": healthyBundle(),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(kubeconfigNone, bundle), []);
    });
  }
});
