import assert from "node:assert/strict";
import { kubeconfigMissingEntry } from "../../../../doctor/rules/kubeconfig/kubeconfig-missing-entry.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

const K15 = KUBECONFIG_FAULTS["K15"] ?? healthyBundle();

describe("kubeconfig-missing-entry", () => {
  it("is certain of a user that does not exist", () => {
    assert.deepEqual(verdicts(kubeconfigMissingEntry, K15), [
      {
        cause: "K15",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: ["aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias ada"],
      },
    ]);
  });

  const certain = {
    "a cluster that does not exist": stopped("", {
      question: {},
      ...edited(["    cluster: lab", "    cluster: gone"]),
    }),
    "a cluster that does not exist, for which kubectl calls localhost": stopped(
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
      edited(["    cluster: lab", "    cluster: gone"]),
    ),
    "a user without any credential": unauthorized(edited([/ {4}exec:[\s\S]*/, "    {}\n"])),
    "an anonymous 403": {
      ...K15,
      question: {
        stderr:
          'Error from server (Forbidden): pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "web"',
      },
    },
    "a prompt for a name": stopped(
      "Please enter Username: error: EOF",
      edited(["    user: lab\n", "    user: ada\n"]),
    ),
  };
  for (const [name, bundle] of Object.entries(certain)) {
    it(`is certain of ${name}`, () => {
      assert.deepEqual(confidences(kubeconfigMissingEntry, bundle), ["K15 certain"]);
    });
  }

  it("offers the contexts that exist when the one that is meant does not", () => {
    const stderr = "Error in configuration: context was not found for specified context: LAB";
    const bundle = stopped(stderr, {
      question: { command: "kubectl --context LAB get po", exitCode: 1, stderr },
    });
    assert.deepEqual(verdicts(kubeconfigMissingEntry, bundle)?.[0]?.commands, [
      "kubectl config use-context lab",
      "aws eks update-kubeconfig --name lab --region eu-west-1",
    ]);
  });

  const silent = {
    "a token on the command line, which needs no user": {
      ...K15,
      question: { command: "kubectl --token x get po", stderr: "Unauthorized" },
    },
    "a 403 that names somebody": {
      ...K15,
      question: { stderr: 'pods is forbidden: User "ada" cannot list resource "pods" in API group ""' },
    },
    "a whole context": unauthorized(),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(kubeconfigMissingEntry, bundle), []);
    });
  }

  const said: Readonly<Record<string, string>> = {
    "Error in configuration: context was not found for specified context: zz": "contexts",
    'error: auth info "zz" does not exist': "users",
    'error: no server found for cluster "zz"': "clusters",
    'Error: Kubernetes cluster unreachable: context "zz" does not exist': "contexts",
  };
  for (const [stderr, section] of Object.entries(said)) {
    it(`is certain by the words alone: ${stderr}`, () => {
      const bundle = stopped(stderr, { kubeconfig: { failed: "not given" } });
      assert.deepEqual(confidences(kubeconfigMissingEntry, bundle), ["K15 certain"]);
      assert.equal(
        verdicts(kubeconfigMissingEntry, bundle)?.[0]?.commands[0],
        `kubectl config get-${section}`,
      );
    });
  }

  it("finds nothing without the kubeconfig and its words", () => {
    assert.deepEqual(findingsOf(kubeconfigMissingEntry, without(K15, "kubeconfig")), []);
  });
});
