import assert from "node:assert/strict";
import { kubeconfigShadowedEntry } from "../../../../doctor/rules/kubeconfig/kubeconfig-shadowed-entry.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { files, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

const LAB = kubeconfigText(AWS_EXEC);
const OTHER_USER =
  "users: [{name: lab, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token, --cluster-name, lab]}}}]\n";

describe("kubeconfig-shadowed-entry", () => {
  it("is certain when the hidden cluster has the endpoint that EKS describes", () => {
    const bundle = KUBECONFIG_FAULTS["K8"] ?? healthyBundle();
    assert.deepEqual(verdicts(kubeconfigShadowedEntry, bundle), [
      {
        cause: "K8",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          "cp /work/kc-1 /work/kc-1-before",
          "kubectl config delete-cluster lab --kubeconfig=/work/kc-1",
        ],
      },
    ]);
    assert.deepEqual(findingsOf(kubeconfigShadowedEntry, bundle)?.[0]?.explains?.includes("K10"), true);
  });

  it("is certain when only the hidden user asks for a token of the cluster", () => {
    const old = OTHER_USER.replace("--cluster-name, lab", "--cluster-name, old");
    assert.deepEqual(verdicts(kubeconfigShadowedEntry, unauthorized(files(old, LAB))), [
      {
        cause: "K8",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          "cp /work/kc-1 /work/kc-1-before",
          "kubectl config delete-user lab --kubeconfig=/work/kc-1",
        ],
      },
    ]);
  });

  it("is only likely, and inferred, of a hidden user", () => {
    const bundle = unauthorized(files(OTHER_USER, LAB));
    assert.deepEqual(confidences(kubeconfigShadowedEntry, bundle), ["K8 likely"]);
    assert.equal(findingsOf(kubeconfigShadowedEntry, bundle)?.[0]?.inferred, true);
  });

  const silent = {
    "two files with the same entry": unauthorized(files(LAB, LAB)),
    "a hidden entry of another context": unauthorized(
      files("users: [{name: x, user: {}}]\n", "users: [{name: x, user: {token: a}}]\n", LAB),
    ),
    "a context that works": healthyBundle(files(OTHER_USER, LAB)),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(kubeconfigShadowedEntry, bundle), []);
    });
  }

  it("is certain when only the role of the hidden user has an access entry", () => {
    const other = OTHER_USER.replace("lab]", "lab, --role, arn:aws:iam::111122223333:role/Leavers]");
    const own = LAB.replace(/args: \[(.*?)\]/, `args: [$1, --role, ${ROLE_ARN}]`);
    assert.notEqual(own, LAB);
    assert.deepEqual(confidences(kubeconfigShadowedEntry, unauthorized(files(other, own))), ["K8 certain"]);
  });
});
