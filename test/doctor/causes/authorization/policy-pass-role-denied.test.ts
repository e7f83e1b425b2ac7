import { cliError, mappingFault, NODE_ARN, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const words = `User: x is not authorized to perform: iam:PassRole on resource: ${NODE_ARN}`;

testRule("authorization/policy-pass-role-denied", "P14", {
  certain: {
    "allows the caller to pass the nodes' role": {
      on: mappingFault("P14"),
      commands: `aws iam put-role-policy --role-name Dev --policy-name pass-node-role --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"${NODE_ARN}"}]}'`,
    },
  },
  possible: {
    "the call is not known": refusedCall("./deploy.sh", `AccessDeniedException: ${words}`),
    "a service control policy denies it, so that no Allow helps": {
      on: refusedCall(
        "./deploy.sh",
        `AccessDeniedException: ${words} with an explicit deny in a service control policy`,
      ),
      commands: [],
      description: /an AWS organization admin must remove iam:PassRole from the service control policy/,
    },
  },
  notApplicable: {
    "a node group is made": refusedCall(
      "aws eks create-nodegroup --cluster-name lab",
      cliError("AccessDeniedException", "CreateNodegroup", words),
    ),
    "another action is refused (P11)": mappingFault("P11"),
  },
});
