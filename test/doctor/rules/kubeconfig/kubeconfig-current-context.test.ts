import assert from "node:assert/strict";
import { kubeconfigCurrentContext } from "../../../../doctor/rules/kubeconfig/kubeconfig-current-context.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { files, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

const PROD = "current-context: prod\ncontexts: [{name: prod, context: {cluster: prod, user: prod}}]\n";
const BOTH = files(kubeconfigText(AWS_EXEC), PROD);

describe("kubeconfig-current-context", () => {
  it("is certain when update-kubeconfig has written a context that has no say", () => {
    assert.deepEqual(verdicts(kubeconfigCurrentContext, KUBECONFIG_FAULTS["K7"] ?? healthyBundle()), [
      {
        cause: "K7",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl config use-context prod"],
      },
    ]);
  });

  it("is only possible, and inferred, when nobody says which context was meant", () => {
    const bundle = unauthorized(BOTH);
    assert.deepEqual(confidences(kubeconfigCurrentContext, bundle), ["K7 possible"]);
    assert.equal(findingsOf(kubeconfigCurrentContext, bundle)?.[0]?.inferred, true);
  });

  const silent = {
    "a context that the question names": unauthorized({
      ...BOTH,
      question: { context: "lab", stderr: "Unauthorized" },
    }),
    "a context that the command names": unauthorized({
      ...BOTH,
      question: { command: "kubectl --context=lab get po", stderr: "Unauthorized" },
    }),
    "files that agree": unauthorized(files(kubeconfigText(AWS_EXEC), "current-context: lab\n")),
    "a hidden context that does not exist": unauthorized(
      files(kubeconfigText(AWS_EXEC), "current-context: gone\n"),
    ),
    "a plugin that fails": healthyBundle({
      ...BOTH,
      question: { stderr: "getting credentials: exec: executable aws not found" },
    }),
    "a context that works": healthyBundle(BOTH),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(kubeconfigCurrentContext, bundle), []);
    });
  }
});
