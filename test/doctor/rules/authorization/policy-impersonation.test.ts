import assert from "node:assert/strict";
import type { Question } from "../../../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS, refusalText } from "../../support/authorization-faults.ts";
import { AWS_EXEC, kubeconfigText, USERNAME } from "../../support/bundle.ts";
import { forbidden } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

function asked(question: Question | undefined): Question {
  return question ?? assert.fail();
}

const FAULT = AUTHORIZATION_FAULTS.P7;

testRule("authorization/policy-impersonation", "P7", {
  certain: {
    "the caller may do it without impersonation": {
      on: FAULT,
      commands: [
        "kubectl get pods -n web",
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --user=bob",
      ],
    },
    "reads the impersonation from the kubeconfig user": {
      on: {
        ...FAULT,
        kubeconfig: {
          files: [
            {
              path: "/home/ada/.kube/config",
              text: kubeconfigText(AWS_EXEC).replace("  user:\n    exec:", "  user:\n    as: bob\n    exec:"),
            },
          ],
        },
        question: { ...asked(FAULT.question), command: "kubectl get pods -n web" },
      },
      commands: [
        "kubectl config unset users.lab.act-as",
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --user=bob",
      ],
    },
  },
  likely: {
    "nobody asked what the caller may": { ...FAULT, accessReviews: { failed: "not asked" } },
    "the caller may impersonate nobody": {
      ...FAULT,
      question: {
        command: "kubectl get pods -n web --as=bob",
        exitCode: 1,
        stderr: `Error from server (Forbidden): ${refusalText({ ...LIST_PODS, verb: "impersonate-on:user-info:list" })}\n`,
      },
    },
  },
  notApplicable: {
    "does not apply when the caller's own name is denied": forbidden({}, USERNAME),
  },
});
