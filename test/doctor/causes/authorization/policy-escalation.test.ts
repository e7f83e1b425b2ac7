import { AUTHORIZATION_FAULTS, setGroups } from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.P6;

/** Source: doctor/EKS-ACCESS.md, "RBAC". */
const CLUSTER_WIDE =
  'Error from server (Forbidden): clusterrolebindings.rbac.authorization.k8s.io "ops" is forbidden: user "dave" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n';

const FEW = CLUSTER_WIDE.replace(
  '{APIGroups:["*"], Resources:["*"]',
  '{APIGroups:[""], Resources:["nodes"]',
).replace('Verbs:["*"]', 'Verbs:["get" "list"]');

testRule("authorization/policy-escalation", "P6", {
  certain: {
    "gives admin by RBAC in the namespace, and never everything": {
      on: FAULT,
      commands: [
        "kubectl create rolebinding vouch-admin -n web --clusterrole=admin --group=vouch-admin",
        setGroups("vouch-admin"),
      ],
    },
    "quotes the API server, the policies and the rights that are not held": {
      on: FAULT,
      evidence: [
        'The API server reports "is attempting to grant RBAC permissions not currently held".',
        "Associated: AmazonEKSAdminPolicy; this check ignores access policies.",
        'Not held: {APIGroups:["apps"], Resources:["deployments"], Verbs:["patch"]}.',
      ],
    },
    "does not bind what lacks the permissions: admin does not have all of them": {
      on: {
        ...FAULT,
        question: {
          command: "kubectl create rolebinding x -n web --clusterrole=cluster-admin --user=me",
          exitCode: 1,
          stderr: CLUSTER_WIDE.replace("clusterrolebindings.rbac", "rolebindings.rbac"),
        },
      },
      commands: [],
    },
    "offers the few permissions that a ClusterRole would pass on": {
      on: { ...FAULT, question: { command: "kubectl apply -f ops.yaml", exitCode: 1, stderr: FEW } },
      commands: ["kubectl apply -f vouch-nodes-read.yaml", setGroups("vouch-nodes-read")],
    },
  },
  notApplicable: {
    "does not apply to a plain denial": AUTHORIZATION_FAULTS.P4,
  },
});
