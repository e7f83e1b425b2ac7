import assert from "node:assert/strict";
import { policyEscalation } from "../../../../doctor/rules/authorization/policy-escalation.ts";
import { AUTHORIZATION_FAULTS, associate, setGroups, verdict } from "../../support/authorization-faults.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.P6;
/** Source: doctor/EKS-ACCESS.md, "RBAC". */
const CLUSTER_WIDE =
  'Error from server (Forbidden): clusterrolebindings.rbac.authorization.k8s.io "ops" is forbidden: user "dave" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n';

describe("policy-escalation", () => {
  it("gives admin by RBAC in the namespace, or everything there by a policy", () => {
    assert.deepEqual(
      verdicts(policyEscalation, FAULT),
      verdict("P6", [
        "kubectl create rolebinding vouch-admin -n web --clusterrole=admin --group=vouch-admin",
        setGroups("vouch-admin"),
        associate("ClusterAdmin", "type=namespace,namespaces=web"),
      ]),
    );
  });

  it("quotes the API server, the policies and the rights that are not held", () => {
    assert.deepEqual(findingsOf(policyEscalation, FAULT)[0]?.evidence, [
      'The API server says "is attempting to grant RBAC permissions not currently held".',
      "Associated: AmazonEKSAdminPolicy; this check does not see access policies.",
      'Not held: {APIGroups:["apps"], Resources:["deployments"], Verbs:["patch"]}.',
    ]);
  });

  it("gives cluster-admin for a ClusterRoleBinding", () => {
    const question = { command: "kubectl apply -f ops.yaml", exitCode: 1, stderr: CLUSTER_WIDE };
    assert.deepEqual(
      verdicts(policyEscalation, { ...FAULT, question }),
      verdict("P6", [
        "kubectl create clusterrolebinding vouch-cluster-admin --clusterrole=cluster-admin --group=vouch-cluster-admin",
        setGroups("vouch-cluster-admin"),
        associate("ClusterAdmin", "type=cluster"),
      ]),
    );
  });

  it("does not apply to a plain denial", () => {
    assert.deepEqual(confidences(policyEscalation, AUTHORIZATION_FAULTS.P4), []);
  });
});
