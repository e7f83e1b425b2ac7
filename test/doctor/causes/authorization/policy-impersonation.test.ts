import assert from "node:assert/strict";
import type { DoctorEvidence, Question } from "../../../../doctor/evidence/evidence.ts";
import {
  AUTHORIZATION_FAULTS,
  LIST_PODS,
  refusalText,
  setGroups,
} from "../../support/authorization-faults.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText, USERNAME } from "../../support/bundle.ts";
import { forbidden } from "../../support/mapping-faults.ts";
import { reportOn } from "../../support/report-case.ts";
import { findingsOf, testRule } from "../../support/test-rule.ts";

function asked(question: Question | undefined): Question {
  return question ?? assert.fail();
}

/** What a client said, with a command that asked the same. */
function refusedAs(command: string, stderr: string): DoctorEvidence {
  return {
    ...FAULT,
    apiServer: { status: 200, isKubernetes: true },
    question: { command, exitCode: 1, stderr },
  };
}

const CONSTRAINED = `Error from server (Forbidden): ${refusalText({ ...LIST_PODS, verb: "impersonate-on:user-info:list" })}\n`;
const GRANT = ["kubectl apply -f vouch-users-impersonate.yaml", setGroups("vouch-users-impersonate")];
const FAULT = AUTHORIZATION_FAULTS.P7;
const AS_BOB = {
  kubeconfig: {
    files: [
      {
        path: "/home/ada/.kube/config",
        text: kubeconfigText(AWS_EXEC).replace("  user:\n    exec:", "  user:\n    as: bob\n    exec:"),
      },
    ],
  },
};

testRule("authorization/policy-impersonation", "P7", {
  certain: {
    "nobody says whom": {
      on: refusedAs("", CONSTRAINED),
      summary:
        "The caller is not allowed to impersonate another user (the verb impersonate-on:user-info:list in the denial).",
      commands: GRANT,
    },
    "the caller may do it without impersonation": {
      on: FAULT,
      commands: "kubectl create rolebinding vouch-view -n web --clusterrole=view --user=bob",
    },
    "reads the impersonation from the kubeconfig user": {
      on: {
        ...FAULT,
        ...AS_BOB,
        question: { ...asked(FAULT.question), command: "kubectl get pods -n web" },
      },
      commands: [
        "kubectl config unset users.lab.act-as",
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --user=bob",
      ],
    },
  },
  likely: {
    "nobody asked what the caller may": { ...FAULT, accessReviews: { failed: "not asked" } },
    "kubectl is refused already what it asks first": {
      on: refusedAs("kubectl get pods -n web --as=bob", "Error from server (Forbidden): unknown\n"),
      summary: "The caller is not allowed to impersonate bob (--as bob in the command).",
      commands: GRANT,
    },
  },
  notApplicable: {
    "does not apply when the caller's own name is denied": forbidden({}, USERNAME),
  },
});

describe("policy-impersonation, as the doctor asks by itself", () => {
  const review = (allowed: boolean, as?: string) => ({
    spec: { resourceAttributes: LIST_PODS },
    status: { allowed },
    ...(as === undefined ? {} : { as }),
  });
  const asked = { ...FAULT, ...AS_BOB, question: { attempt: LIST_PODS } };
  const confidenceOf = (accessReviews: ReturnType<typeof review>[]) =>
    findingsOf("authorization/policy-impersonation", { ...asked, accessReviews }).map(
      ({ confidence }) => confidence,
    );

  it("goes by what the impersonated user may, and is certain if the caller herself may it", () => {
    assert.deepEqual(confidenceOf([review(true), review(false, "bob")]), ["certain"]);
    assert.deepEqual(confidenceOf([review(false, "bob")]), ["likely"]);
    assert.deepEqual(confidenceOf([review(false), review(true, "bob")]), []);
  });

  it("says as whom a call works that the kubeconfig makes as somebody else", () => {
    const { healthy, identity } = reportOn(healthyBundle(AS_BOB));
    assert.deepEqual([healthy, identity.username, identity.groups], [true, "bob", undefined]);
  });
});
