import { AUTHORIZATION_FAULTS, associate, setGroups } from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.P6;

/** Source: doctor/EKS-ACCESS.md, "RBAC". */
const CLUSTER_WIDE =
  'Error from server (Forbidden): clusterrolebindings.rbac.authorization.k8s.io "ops" is forbidden: user "dave" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n';

testRule("authorization/policy-escalation", "P6", {
  certain: {
    "gives admin by RBAC in the namespace, or everything there by a policy": {
      on: FAULT,
      commands: [
        "kubectl create rolebinding vouch-admin -n web --clusterrole=admin --group=vouch-admin",
        setGroups("vouch-admin"),
        associate("ClusterAdmin", "type=namespace,namespaces=web"),
      ],
    },
    "quotes the API server, the policies and the rights that are not held": {
      on: FAULT,
      evidence: [
        'The API server says "is attempting to grant RBAC permissions not currently held".',
        "Associated: AmazonEKSAdminPolicy; this check does not see access policies.",
        'Not held: {APIGroups:["apps"], Resources:["deployments"], Verbs:["patch"]}.',
      ],
    },
    "gives cluster-admin for a ClusterRoleBinding": {
      on: { ...FAULT, question: { command: "kubectl apply -f ops.yaml", exitCode: 1, stderr: CLUSTER_WIDE } },
      commands: [
        "kubectl create clusterrolebinding vouch-cluster-admin --clusterrole=cluster-admin --group=vouch-cluster-admin",
        setGroups("vouch-cluster-admin"),
        associate("ClusterAdmin", "type=cluster"),
      ],
    },
  },
  notApplicable: {
    "does not apply to a plain denial": AUTHORIZATION_FAULTS.P4,
  },
});
