import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  policy,
  refused,
  role,
  setGroups,
} from "../../support/authorization-faults.ts";
import { AWS_AUTH_FAULTS } from "../../support/aws-auth-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.R7;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

testRule("authorization/rbac-rule-gap", "R7", {
  certain: {
    "adds one rule for pods/log, where RBAC gives the rest": {
      on: FAULT,
      summary:
        "The caller's roles and policies do not include permission to get pods/log web-0 in namespace web.",
      commands: ["kubectl apply -f vouch-pods-log-read.yaml", setGroups("developers vouch-pods-log-read")],
    },
    "names a verb that the associated policy lacks": {
      on: refused({ attempt: { ...LIST_PODS, verb: "delete", name: "web-0" }, associated: [policy("View")] }),
      commands: associate("Edit", "type=namespace,namespaces=web"),
    },
    "sees that what is bound elsewhere would not grant it here either": {
      on: refused({
        ...DEVELOPERS,
        rbac: [role("empty", []), binding("Group developers", { to: "ClusterRole empty", namespace: "ops" })],
      }),
      evidence: [
        /^The API server/,
        /^The cluster identifies/,
        "Granted: ClusterRole empty through RoleBinding ops/devs.",
      ],
    },
    "says where nothing is granted, but a role elsewhere that does not exist": {
      on: refused({
        ...DEVELOPERS,
        rbac: [role("empty", []), binding("Group developers", { to: "ClusterRole gone", namespace: "ops" })],
      }),
      evidence: [/^The API server/, /^The cluster identifies/, "Granted: nothing."],
    },
    "names a policy whose contents are not published": {
      on: refused({ attempt: LIST_PODS, associated: [policy("NetworkingCluster")] }),
      evidence: [
        /^The API server/,
        /^The cluster identifies/,
        "Granted: AmazonEKSNetworkingClusterPolicy on the whole cluster.",
      ],
    },
    "sees deployments in the wrong API group": refused({
      ...DEVELOPERS,
      attempt: { verb: "list", group: "apps", resource: "deployments", namespace: "web" },
      rbac: [
        role("deploy", [{ verbs: ["*"], apiGroups: [""], resources: ["deployments"] }]),
        binding("Group developers", { to: "ClusterRole deploy" }),
      ],
    }),
  },
  likely: {
    "a possible creator of a CONFIG_MAP cluster (A14)": {
      ...AWS_AUTH_FAULTS.A14,
      rbac: { items: [role("empty", []), binding("Group viewers", { to: "ClusterRole empty" })] },
    },
  },
  notApplicable: {
    "has nothing to say when a rule grants it": refused({
      ...DEVELOPERS,
      rbac: [binding("Group developers", { to: "ClusterRole view" })],
    }),
  },
});
