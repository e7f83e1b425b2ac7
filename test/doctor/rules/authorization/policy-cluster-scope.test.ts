import assert from "node:assert/strict";
import { policyClusterScope } from "../../../../doctor/rules/authorization/policy-cluster-scope.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  policy,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, fixesOf, verdicts } from "../../support/credential-case.ts";

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

describe("policy-cluster-scope", () => {
  it("grants nodes by RBAC, because no policy for people of a namespace has them", () => {
    assert.deepEqual(
      verdicts(policyClusterScope, AUTHORIZATION_FAULTS.P3),
      verdict("P3", ["kubectl apply -f vouch-nodes-read.yaml", setGroups("vouch-nodes-read")]),
    );
    assert.equal(fixesOf(policyClusterScope, AUTHORIZATION_FAULTS.P3)[0]?.text, MANIFEST);
  });

  it("takes View on the whole cluster for a list over all namespaces", () => {
    const attempt = { verb: "list", group: "", resource: "pods" };
    const bundle = refused({ attempt, associated: [policy("Edit", "web")] });
    assert.deepEqual(
      verdicts(policyClusterScope, bundle),
      verdict("P3", [associate("View", "type=cluster")]),
    );
  });

  it("keeps the entry's groups", () => {
    const attempt = { verb: "list", group: "", resource: "nodes" };
    const bundle = refused({ attempt, associated: [policy("View")], groups: ["developers"] });
    assert.equal(
      verdicts(policyClusterScope, bundle)[0]?.commands.at(-1),
      setGroups("developers", "vouch-nodes-read"),
    );
  });

  it("says that groups of the entry must be kept which it does not know", () => {
    const attempt = { verb: "list", group: "", resource: "nodes" };
    const bundle = {
      ...refused({ attempt, associated: [policy("View")] }),
      accessEntryDetails: { failed: "denied" },
    };
    assert.equal(
      verdicts(policyClusterScope, bundle)[0]?.commands.at(-1),
      setGroups("EXISTING_GROUPS", "vouch-nodes-read"),
    );
  });

  it("leaves one namespace's list (P1) and custom resources (P5) alone", () => {
    assert.deepEqual(confidences(policyClusterScope, AUTHORIZATION_FAULTS.P1), []);
    assert.deepEqual(confidences(policyClusterScope, AUTHORIZATION_FAULTS.P5), []);
  });
});
