import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
  setGroups,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.R2;

testRule("authorization/rbac-group-arn", "R2", {
  certain: {
    "binds a real group and puts it on the entry": {
      on: FAULT,
      explains: ["E5", "R1", "R7"],
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroups("vouch-dev"),
      ],
    },
    "knows the session and the entry for the caller's": [
      "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
      `eks-access-entry:${ROLE_ARN}`,
    ].map((name) => refused({ attempt: LIST_PODS, rbac: [binding(`Group ${name}`)] })),
  },
  notApplicable: {
    "leaves the ARN of another role, a User, and a binding elsewhere alone": [
      [binding("Group arn:aws:iam::111122223333:role/Ops")],
      [binding(`User ${ROLE_ARN}`)],
      [binding(`Group ${ROLE_ARN}`, { namespace: "ops" })],
    ].map((rbac) => refused({ attempt: LIST_PODS, rbac })),
  },
});
