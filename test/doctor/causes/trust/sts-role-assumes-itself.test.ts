import { awsExec, pluginFailed, ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const ITSELF = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111122223333:assumed-role/Dev/ci is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`;

testRule("trust/sts-role-assumes-itself", "S2", {
  certain: {
    "takes the role out of the entry, and nothing else": {
      on: pluginFailed(ITSELF, { changes: awsExec({}, ["--role", ROLE_ARN]) }),
      commands:
        "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json",
    },
  },
  passed: {
    "compares the account too": pluginFailed(ITSELF.replace("sts::111122223333", "sts::444455556666")),
  },
});
