import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { kubeconfigSharedUser } from "../../../../doctor/rules/kubeconfig/kubeconfig-shared-user.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";
import { KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

const K9 = KUBECONFIG_FAULTS["K9"] ?? healthyBundle();

function changed(from: string | RegExp, to: string): DoctorEvidence {
  const { kubeconfig } = K9;
  if (kubeconfig === undefined || "failed" in kubeconfig) throw new Error("the bundle has a kubeconfig");
  const files = kubeconfig.files.map((file) =>
    "text" in file ? { ...file, text: file.text.replace(from, to) } : file,
  );
  return { ...K9, kubeconfig: { files } };
}

describe("kubeconfig-shared-user", () => {
  it("is likely when the shared role is that of the other context's name", () => {
    assert.deepEqual(verdicts(kubeconfigSharedUser, K9), [
      {
        cause: "K9",
        stage: "kubeconfig",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-admin --user-alias lab-admin --role-arn ROLE_ARN",
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-readonly --user-alias lab-readonly --role-arn arn:aws:iam::111122223333:role/ReadOnly",
        ],
      },
    ]);
  });

  it("is only possible, and inferred, when no name points to a role", () => {
    const [found] = findingsOf(kubeconfigSharedUser, changed("role/ReadOnly", "role/Ops")) ?? [];
    assert.deepEqual([found?.confidence, found?.inferred], ["possible", true]);
  });

  const silent = {
    "contexts that differ in their namespace": changed(
      /(name: lab-readonly\n {2}context: \{)/,
      "$1namespace: web, ",
    ),
    "the context whose role it is": {
      ...K9,
      question: { ...K9.question, command: "kubectl get po", context: "lab-readonly" },
    },
    "contexts with users of their own": changed(/(name: lab-readonly\n.*user: )"[^"]*"/, "$1other"),
    "a context that works": { ...K9, question: { exitCode: 0 } },
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent, or not likely, on ${name}`, () => {
      const likely = findingsOf(kubeconfigSharedUser, bundle)?.filter(
        ({ confidence }) => confidence !== "possible",
      );
      assert.deepEqual(likely, []);
    });
  }

  it("explains what the other role may not do, and keeps the profile below the role", () => {
    const profile = "env: [{name: AWS_PROFILE, value: base}]\n      command: aws";
    const [found] = findingsOf(kubeconfigSharedUser, changed("command: aws", profile)) ?? [];
    assert.equal(found?.explains?.includes("P3"), true);
    assert.match(
      fixesOf(kubeconfigSharedUser, changed("command: aws", profile))[0]?.commands[0] ?? "",
      / --role-arn ROLE_ARN --profile base$/,
    );
  });
});
