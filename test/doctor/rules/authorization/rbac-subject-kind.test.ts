import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
} from "../../support/authorization-faults.ts";
import { USERNAME } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

testRule("authorization/rbac-subject-kind", "R6", {
  certain: {
    "binds the group as a group": {
      on: AUTHORIZATION_FAULTS.R6,
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers",
      ],
    },
    "sees a username as a group, and a group as a service account": [
      refused({ attempt: LIST_PODS, user: "ada", entry: { username: "ada" }, rbac: [binding("Group ada")] }),
      refused({ ...DEVELOPERS, rbac: [binding("ServiceAccount developers")] }),
    ],
  },
  notApplicable: {
    "leaves a group named after an ARN (R2) and strangers alone": [`Group ${USERNAME}`, "User ops"].map(
      (subject) => refused({ ...DEVELOPERS, rbac: [binding(subject)] }),
    ),
  },
});
