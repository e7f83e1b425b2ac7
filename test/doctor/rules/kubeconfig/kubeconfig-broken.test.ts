import assert from "node:assert/strict";
import { kubeconfigBroken } from "../../../../doctor/rules/kubeconfig/kubeconfig-broken.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { files, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

const LAB = kubeconfigText(AWS_EXEC);
const BAD = "clusters: nonsense\n";

describe("kubeconfig-broken", () => {
  it("is certain of a file that kubectl cannot load", () => {
    assert.deepEqual(verdicts(kubeconfigBroken, KUBECONFIG_FAULTS["K13"] ?? healthyBundle()), [
      {
        cause: "K13",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          `kubectl config view --kubeconfig=${KUBECONFIG}`,
          `mv ${KUBECONFIG} ${KUBECONFIG}.broken`,
          `aws eks update-kubeconfig --name lab --region eu-west-1 --kubeconfig ${KUBECONFIG}`,
        ],
      },
    ]);
  });

  it("is certain by the file alone, whichever of the list it is", () => {
    const [found] = findingsOf(kubeconfigBroken, stopped("", { question: {}, ...files(BAD, LAB) })) ?? [];
    assert.deepEqual(found?.evidence, ["/work/kc-1: its clusters are not a list."]);
  });

  it("says once why a file cannot be read, whatever words its path has", () => {
    const path = "/work/missing/kc";
    const failed = `${path} cannot be read: it is a directory.`;
    const [found] =
      findingsOf(
        kubeconfigBroken,
        stopped("", { question: {}, kubeconfig: { files: [{ path, failed }] } }),
      ) ?? [];
    assert.deepEqual(found?.evidence, [`${path}: it is a directory.`]);
  });

  it("is likely by the words alone, kubectl's or the AWS CLI's", () => {
    const kubeconfig = { failed: "not given" };
    for (const stderr of [
      `error: error loading config file "${KUBECONFIG}": open ${KUBECONFIG}: permission denied`,
      "error: command must be specified for lab to use exec authentication plugin",
      `Passing ${KUBECONFIG}:clusters is wrong type <class 'str'>.`,
    ]) {
      assert.deepEqual(confidences(kubeconfigBroken, stopped(stderr, { kubeconfig })), ["K13 likely"]);
    }
  });

  it("is only likely when the files that were given are fine", () => {
    const stderr = `error: error loading config file "${KUBECONFIG}": yaml: line 3`;
    assert.deepEqual(confidences(kubeconfigBroken, stopped(stderr)), ["K13 likely"]);
  });

  const silent = {
    "several documents, of which kubectl reads the first": stopped("", {
      question: {},
      ...files(`${LAB}---\nkind: Config\n`),
    }),
    "a file that is not there": stopped("", {
      question: {},
      kubeconfig: {
        files: [
          { path: "/nope", failed: "ENOENT" },
          { path: KUBECONFIG, text: LAB },
        ],
      },
    }),
    "a call that was answered": unauthorized(files(BAD, LAB)),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(kubeconfigBroken, bundle), []);
    });
  }
});
