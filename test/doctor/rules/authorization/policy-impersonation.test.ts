import assert from "node:assert/strict";
import type { Question } from "../../../../doctor/evidence/evidence.ts";
import { policyImpersonation } from "../../../../doctor/rules/authorization/policy-impersonation.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS, refusalText, verdict } from "../../support/authorization-faults.ts";
import { AWS_EXEC, kubeconfigText, USERNAME } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { forbidden } from "../../support/mapping-faults.ts";

function asked(question: Question | undefined): Question {
  return question ?? assert.fail();
}

const FAULT = AUTHORIZATION_FAULTS.P7;

describe("policy-impersonation", () => {
  it("is certain when the caller may do it without impersonation", () => {
    assert.deepEqual(
      verdicts(policyImpersonation, FAULT),
      verdict("P7", [
        "kubectl get pods -n web",
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --user=bob",
      ]),
    );
  });

  it("is likely when nobody asked what the caller may", () => {
    const accessReviews = { failed: "not asked" };
    assert.deepEqual(confidences(policyImpersonation, { ...FAULT, accessReviews }), ["P7 likely"]);
  });

  it("is likely when the caller may impersonate nobody", () => {
    const attempt = { ...LIST_PODS, verb: "impersonate-on:user-info:list" };
    const stderr = `Error from server (Forbidden): ${refusalText(attempt)}\n`;
    const question = { command: "kubectl get pods -n web --as=bob", exitCode: 1, stderr };
    assert.deepEqual(confidences(policyImpersonation, { ...FAULT, question }), ["P7 likely"]);
  });

  it("reads the impersonation from the kubeconfig user", () => {
    const text = kubeconfigText(AWS_EXEC).replace("  user:\n    exec:", "  user:\n    as: bob\n    exec:");
    const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
    const question = { ...asked(FAULT.question), command: "kubectl get pods -n web" };
    assert.equal(
      verdicts(policyImpersonation, { ...FAULT, kubeconfig, question })[0]?.commands[0],
      "kubectl config unset users.lab.act-as",
    );
  });

  it("does not apply when the caller's own name is denied", () => {
    assert.deepEqual(confidences(policyImpersonation, forbidden({}, USERNAME)), []);
  });
});
