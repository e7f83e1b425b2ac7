import { awsExec, healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const NODE = {
  UserId: "AROANODENODENODENODE1:i-0123456789abcdef0",
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/Bastion/i-0123456789abcdef0",
};

function forbidden(user: string) {
  return {
    stderr: `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "web"`,
    exitCode: 1,
  };
}

testRule("credentials/aws-instance-role", "L8", {
  certain: {
    "the refusal names a node and the caller is an instance": {
      on: healthyBundle({
        question: forbidden("system:node:ip-10-0-0-7.eu-west-1.compute.internal"),
        callerIdentity: NODE,
        ...awsExec({}),
      }),
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
        "kubectl config set-credentials lab --exec-env=AWS_EC2_METADATA_DISABLED=true",
      ],
    },
  },
  likely: {
    "on the refusal alone": without(
      healthyBundle({ question: forbidden("system:node:i-0123456789abcdef0") }),
      "callerIdentity",
    ),
    "on a 401 when nobody maps the instance": unauthorized({ callerIdentity: NODE }),
  },
  passed: {
    "an instance that is let in": unauthorized({
      callerIdentity: NODE,
      accessEntries: { accessEntries: ["arn:aws:iam::111122223333:role/Bastion"] },
      accessEntryDetails: [
        {
          accessEntry: {
            principalArn: "arn:aws:iam::111122223333:role/Bastion",
            type: "STANDARD",
            username: "bastion",
          },
        },
      ],
    }),
  },
  notApplicable: {
    "a person whose entry makes a node of them (E6)": healthyBundle({
      question: forbidden("system:node:ada"),
    }),
  },
});
