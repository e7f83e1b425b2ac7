import {
  AUTHORIZATION_FAULTS,
  associate,
  policy,
  refused,
  setGroups,
  setGroupsOf,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const MANIFEST = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: vouch-nodes-read
rules:
  - apiGroups:
      - ""
    resources:
      - nodes
    verbs:
      - get
      - list
      - watch
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: vouch-nodes-read
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: vouch-nodes-read
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: vouch-nodes-read
`;

testRule("authorization/policy-cluster-scope", "P3", {
  certain: {
    "grants nodes by RBAC, because no policy for people of a namespace has them": {
      on: AUTHORIZATION_FAULTS.P3,
      commands: ["kubectl apply -f vouch-nodes-read.yaml", setGroups("vouch-nodes-read")],
      text: MANIFEST,
    },
    "takes View on the whole cluster for a list over all namespaces": {
      on: refused({
        attempt: { verb: "list", group: "", resource: "pods" },
        associated: [policy("Edit", "web")],
      }),
      commands: associate("View", "type=cluster"),
    },
    "keeps the entry's groups": {
      on: refused({
        attempt: { verb: "list", group: "", resource: "nodes" },
        associated: [policy("View")],
        groups: ["developers"],
      }),
      commands: ["kubectl apply -f vouch-nodes-read.yaml", setGroups("developers", "vouch-nodes-read")],
    },
  },
  likely: {
    "says that groups of the entry must be kept which it does not know": {
      on: {
        ...refused({ attempt: { verb: "list", group: "", resource: "nodes" }, associated: [policy("View")] }),
        accessEntryDetails: { failed: "denied" },
      },
      commands: [
        "kubectl apply -f vouch-nodes-read.yaml",
        `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
        setGroupsOf("EXISTING_USERNAME", "EXISTING_GROUPS", "vouch-nodes-read"),
      ],
    },
  },
  notApplicable: {
    "leaves one namespace's list (P1) and custom resources (P5) alone": [
      AUTHORIZATION_FAULTS.P1,
      AUTHORIZATION_FAULTS.P5,
    ],
  },
});
