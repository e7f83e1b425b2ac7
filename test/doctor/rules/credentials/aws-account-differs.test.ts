import { AWS_EXEC, awsConfig, kubeconfigText, unauthorized } from "../../support/bundle.ts";
import { files } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ARN = "arn:aws:eks:eu-west-1:111122223333:cluster/lab";
const OTHER = {
  UserId: "AROAOTHEROTHEROTHER12:ada@example.com",
  Account: "444455556666",
  Arn: "arn:aws:sts::444455556666:assumed-role/Dev/ada@example.com",
};
const ACCESS_ENTRIES = {
  failed: "AccessDeniedException: not authorized to perform eks:ListAccessEntries",
};
const NOT_FOUND = { failed: "ResourceNotFoundException: No cluster found for name: lab." };

testRule("credentials/aws-account-differs", "L7", {
  certain: {
    "the cluster lets in the same name of its own account": {
      on: unauthorized({
        callerIdentity: OTHER,
        ...awsConfig(
          "[profile dev]\n[profile lab]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n",
        ),
      }),
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=lab",
        "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::444455556666:role/Dev",
      ],
    },
  },
  likely: {
    "the cluster knows no such name": unauthorized({
      callerIdentity: { ...OTHER, Arn: "arn:aws:sts::444455556666:assumed-role/Ops/ada" },
    }),
    "EKS in the caller's account knows no such cluster": unauthorized({
      ...files(
        kubeconfigText(AWS_EXEC)
          .replace("- name: lab\n  cluster", `- name: ${ARN}\n  cluster`)
          .replace("cluster: lab", `cluster: ${ARN}`),
      ),
      callerIdentity: OTHER,
      cluster: NOT_FOUND,
      accessEntries: NOT_FOUND,
      accessEntryDetails: NOT_FOUND,
    }),
  },
  possible: {
    "while it is not known whom the cluster lets in": unauthorized({
      callerIdentity: OTHER,
      accessEntries: ACCESS_ENTRIES,
      accessEntryDetails: ACCESS_ENTRIES,
    }),
  },
  passed: {
    "an entry lets the other account in": unauthorized({
      callerIdentity: OTHER,
      accessEntries: { accessEntries: ["arn:aws:iam::444455556666:role/Dev"] },
      accessEntryDetails: [
        {
          accessEntry: {
            principalArn: "arn:aws:iam::444455556666:role/Dev",
            type: "STANDARD",
            username: "ada",
          },
        },
      ],
    }),
  },
  unknown: {
    "the cluster's account is unknown": {
      on: unauthorized({ callerIdentity: OTHER, cluster: { failed: "AccessDeniedException" } }),
      missing: "cluster",
    },
  },
});
