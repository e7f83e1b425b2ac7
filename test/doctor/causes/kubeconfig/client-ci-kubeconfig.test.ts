import { awsExec, healthyBundle, unauthorized } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { connectError, edited, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T6 = CLIENT_FAULTS.T6;
const ci = { name: "github-actions" };

testRule("kubeconfig/client-ci-kubeconfig", "T6", {
  likely: {
    "a profile that the job does not have, and explains that it is missing": {
      on: T6,
      explains: ["L3", "K1", "S2"],
      commands: "aws eks update-kubeconfig --name lab --region eu-west-1",
    },
    "has kubectl write the user where AWS denies eks:DescribeCluster": {
      on: { ...T6, cluster: { failed: "AccessDeniedException" } },
      commands:
        "kubectl config set-credentials lab --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-command=aws --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json --exec-env=AWS_PROFILE-",
    },
    "a path of somebody's machine": stopped(
      connectError("getting credentials: exec: fork/exec /Users/ada/bin/aws: no such file or directory"),
      {
        client: ci,
        ...edited(["command: aws", "command: /Users/ada/bin/aws"], [/env:[\s\S]*/, ""]),
        execCommand: { command: "/Users/ada/bin/aws", resolved: null },
      },
    ),
  },
  possible: {
    "a role that the job should not assume": {
      on: unauthorized({ client: ci, ...awsExec({}, ["--role", "arn:aws:iam::111122223333:role/Laptop"]) }),
      inferred: true,
    },
  },
  passed: {
    "a job with its own kubeconfig": unauthorized({ client: ci, ...awsExec({}) }),
  },
  notApplicable: {
    "the same on a laptop": { ...T6, client: { name: "kubectl" } },
    "a job that works": healthyBundle({ client: ci, ...awsExec({ AWS_PROFILE: "gone" }) }),
  },
  unknown: {
    "a job whose profiles are not known": {
      on: { ...T6, awsConfig: { failed: "not collected" } },
      missing: "awsConfig",
    },
  },
});
