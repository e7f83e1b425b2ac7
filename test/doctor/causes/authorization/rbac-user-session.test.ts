import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
  setGroups,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN, USERNAME } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("authorization/rbac-user-session", "R3", {
  certain: {
    "the very session with @ in it": {
      on: AUTHORIZATION_FAULTS.R3,
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroups("vouch-dev"),
      ],
    },
  },
  likely: {
    "the binding names a colleague's session, or the role itself": [
      USERNAME.replace("ada-", "bob-"),
      ROLE_ARN,
    ].map((name) => refused({ attempt: LIST_PODS, rbac: [binding(`User ${name}`)] })),
    "knows sessions by the entry's own template": refused({
      attempt: LIST_PODS,
      user: "dev:ada-example.com",
      entry: { username: "dev:{{SessionName}}" },
      rbac: [binding("User dev:bob-example.com")],
    }),
  },
  notApplicable: {
    "leaves another role's session and a stranger alone": [USERNAME.replace("/Dev/", "/Ops/"), "ada"].map(
      (name) => refused({ attempt: LIST_PODS, rbac: [binding(`User ${name}`)] }),
    ),
  },
});
