import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
  role,
  setGroups,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.R4;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

testRule("authorization/rbac-binding-namespace", "R4", {
  certain: {
    "binds the service account of a pod here": {
      on: refused({
        attempt: LIST_PODS,
        user: "system:serviceaccount:ci:runner",
        groups: ["system:serviceaccounts", "system:serviceaccounts:ci"],
        rbac: [
          {
            ...binding("ServiceAccount runner", { namespace: "team-a" }),
            subjects: [{ kind: "ServiceAccount", name: "runner", namespace: "ci" }],
          },
        ],
      }),
      commands: "kubectl create rolebinding vouch-view -n web --clusterrole=view --serviceaccount=ci:runner",
    },
    "binds to the caller, and not to all who log in, what is bound to them elsewhere": {
      on: refused({
        ...DEVELOPERS,
        rbac: [binding("Group system:authenticated", { namespace: "team-a" })],
      }),
      summary:
        "ClusterRole view is bound to Group system:authenticated only in namespace team-a, not in web.",
      commands: ["kubectl apply -f vouch-pods-read.yaml", setGroups("developers", "vouch-pods-read")],
    },
    "binds the same role here": {
      on: FAULT,
      summary: "ClusterRole view is bound to Group developers only in namespace team-a, not in web.",
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --group=developers",
      ],
    },
    "takes a name that no binding there has, in a namespace that there is": {
      on: {
        ...refused({
          ...DEVELOPERS,
          rbac: [
            binding("Group developers", { namespace: "team-a" }),
            binding("User bob", { name: "vouch-view", namespace: "web" }),
          ],
        }),
        namespaces: { items: [{ metadata: { name: "team-a" } }] },
      },
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create namespace web",
        "kubectl create rolebinding vouch-view-2 -n web --clusterrole=view --group=developers",
      ],
    },
    "makes a role of its own where a Role of the other namespace grants it": {
      on: refused({
        ...DEVELOPERS,
        rbac: [
          role("pods", [{ verbs: ["list"], apiGroups: [""], resources: ["pods"] }], "team-a"),
          binding("Group developers", { to: "Role pods", namespace: "team-a" }),
        ],
      }),
      commands: ["kubectl apply -f vouch-pods-read.yaml", setGroups("developers", "vouch-pods-read")],
    },
    "binds it everywhere for a list over all namespaces": {
      on: refused({
        ...DEVELOPERS,
        attempt: { verb: "list", group: "", resource: "pods" },
        rbac: [binding("Group developers", { namespace: "team-a" })],
      }),
      commands: [
        associate("View", "type=cluster"),
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers",
      ],
    },
  },
  notApplicable: {
    "leaves a role without the right (R7), and somebody else's binding alone": [
      [role("empty", []), binding("Group developers", { to: "ClusterRole empty", namespace: "team-a" })],
      [binding("Group ops", { namespace: "team-a" })],
    ].map((rbac) => refused({ ...DEVELOPERS, rbac })),
  },
});
