import assert from "node:assert/strict";
import { awsAccountDiffers } from "../../../../doctor/rules/credentials/aws-account-differs.ts";
import { AWS_EXEC, kubeconfigText } from "../../support/bundle.ts";
import { awsConfig, confidences, unauthorized, verdicts } from "../../support/credential-case.ts";
import { files } from "../../support/kubeconfig-faults.ts";

const ARN = "arn:aws:eks:eu-west-1:111122223333:cluster/lab";
const OTHER = {
  UserId: "AROAOTHEROTHEROTHER12:ada@example.com",
  Account: "444455556666",
  Arn: "arn:aws:sts::444455556666:assumed-role/Dev/ada@example.com",
};

describe("aws-account-differs", () => {
  it("is certain when the cluster lets in the same name of its own account", () => {
    const bundle = unauthorized({
      callerIdentity: OTHER,
      ...awsConfig(
        "[profile dev]\n[profile lab]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n",
      ),
    });
    assert.deepEqual(verdicts(awsAccountDiffers, bundle), [
      {
        cause: "L7",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE=lab",
          "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::444455556666:role/Dev",
        ],
      },
    ]);
  });

  it("is likely when the cluster knows no such name", () => {
    const callerIdentity = { ...OTHER, Arn: "arn:aws:sts::444455556666:assumed-role/Ops/ada" };
    assert.deepEqual(confidences(awsAccountDiffers, unauthorized({ callerIdentity })), ["L7 likely"]);
  });

  it("is only possible while it is not known whom the cluster lets in", () => {
    const accessEntries = {
      failed: "AccessDeniedException: not authorized to perform eks:ListAccessEntries",
    };
    const bundle = unauthorized({ callerIdentity: OTHER, accessEntries, accessEntryDetails: accessEntries });
    assert.deepEqual(confidences(awsAccountDiffers, bundle), ["L7 possible"]);
  });

  it("is silent when an entry lets the other account in, and when the cluster's account is unknown", () => {
    const principalArn = "arn:aws:iam::444455556666:role/Dev";
    const mapped = unauthorized({
      callerIdentity: OTHER,
      accessEntries: { accessEntries: [principalArn] },
      accessEntryDetails: [{ accessEntry: { principalArn, type: "STANDARD", username: "ada" } }],
    });
    assert.deepEqual(confidences(awsAccountDiffers, mapped), []);
    const cluster = { failed: "AccessDeniedException" };
    assert.deepEqual(confidences(awsAccountDiffers, unauthorized({ callerIdentity: OTHER, cluster })), []);
  });

  it("is likely when EKS in the caller's account knows no such cluster", () => {
    const cluster = { failed: "ResourceNotFoundException: No cluster found for name: lab." };
    const text = kubeconfigText(AWS_EXEC)
      .replace("- name: lab\n  cluster", `- name: ${ARN}\n  cluster`)
      .replace("cluster: lab", `cluster: ${ARN}`);
    const parts = { callerIdentity: OTHER, cluster, accessEntries: cluster, accessEntryDetails: cluster };
    const bundle = unauthorized({ ...files(text), ...parts });
    assert.deepEqual(confidences(awsAccountDiffers, bundle), ["L7 likely"]);
  });
});
