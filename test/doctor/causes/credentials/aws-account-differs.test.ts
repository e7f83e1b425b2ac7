import type { DoctorEvidence, Workload } from "../../../../doctor/evidence/evidence.ts";
import { AWS_EXEC, awsConfig, kubeconfigText, unauthorized } from "../../support/bundle.ts";
import { files } from "../../support/kubeconfig-faults.ts";
import { cluster } from "../../support/network-faults.ts";
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

/** Only aws-auth names the same role of the cluster's own account. */
function twinInAwsAuth(authenticationMode: string): DoctorEvidence {
  return unauthorized({
    ...cluster({ accessConfig: { authenticationMode } }),
    callerIdentity: OTHER,
    accessEntries: { accessEntries: [] },
    accessEntryDetails: [],
    awsAuth: { data: { mapRoles: "- rolearn: arn:aws:iam::111122223333:role/Dev\n  username: dev\n" } },
  });
}

/** A pod that has been given a role of another account than the cluster's. */
function pod(workload: Omit<Workload, "kind">): DoctorEvidence {
  return unauthorized({ callerIdentity: OTHER, workload: { kind: "pod", ...workload } });
}

testRule("credentials/aws-account-differs", "L7", {
  certain: {
    "the pod was given another role than the caller's": pod({
      annotatedRole: "arn:aws:iam::444455556666:role/Runner",
    }),
    "aws-auth lets in the same name of its own account": {
      on: twinInAwsAuth("CONFIG_MAP"),
      evidence: [
        `AWS identifies the caller as ${OTHER.Arn}.`,
        "The cluster maps arn:aws:iam::111122223333:role/Dev, which has the same name in account 111122223333.",
        "Neither an access entry nor an aws-auth mapping matches the caller.",
        /^Credential source: /,
      ],
    },
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
        "aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::444455556666:role/Dev --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web",
      ],
    },
  },
  likely: {
    "only aws-auth names the same role of its own account, and is not read": twinInAwsAuth("API"),
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
            createdAt: "2025-06-02T08:00:00Z",
          },
        },
      ],
    }),
  },
  notApplicable: {
    "the pod was given that very role, by annotation or by Pod Identity": [
      pod({ annotatedRole: "arn:aws:iam::444455556666:role/ci/Dev" }),
      pod({ annotatedRole: null, podIdentityRole: "arn:aws:iam::444455556666:role/Dev" }),
    ],
  },
  unknown: {
    "the cluster's account is unknown": {
      on: unauthorized({ callerIdentity: OTHER, cluster: { failed: "AccessDeniedException" } }),
      missing: "cluster",
    },
  },
});
