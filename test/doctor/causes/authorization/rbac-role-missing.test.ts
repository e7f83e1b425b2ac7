import type { DoctorEvidence, RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
  role,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT: DoctorEvidence = AUTHORIZATION_FAULTS.R5;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };
const WANTED = { ...DEVELOPERS, rbac: [binding("Group developers", { to: "ClusterRole pods" })] };

/** The binding, with one subject more. */
function ofTwo(one: RbacObjectJson): RbacObjectJson {
  return { ...one, subjects: [...(one.subjects ?? []), { kind: "User", name: "bob" }] };
}

testRule("authorization/rbac-role-missing", "R5", {
  certain: {
    "creates the role": {
      on: FAULT,
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create clusterrole veiwer --verb=get,list,watch --resource=pods",
      ],
    },
    "recreates the binding where the role is of the other kind": {
      on: refused({
        ...DEVELOPERS,
        rbac: [
          role("pods", []),
          role("other", [], "web"),
          binding("Group developers", { to: "Role pods", namespace: "web" }),
        ],
      }),
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl delete rolebinding devs -n web",
        "kubectl create rolebinding devs -n web --clusterrole=pods --group=developers",
        "kubectl create role pods -n web --verb=get,list,watch --resource=pods",
      ],
    },
    "leaves a binding that others are in, and makes another": {
      on: refused({
        ...DEVELOPERS,
        rbac: [
          role("pods", []),
          role("other", [], "web"),
          ofTwo(binding("Group developers", { to: "Role pods", namespace: "web" })),
        ],
      }),
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create rolebinding vouch-pods -n web --clusterrole=pods --group=developers",
        "kubectl create role pods -n web --verb=get,list,watch --resource=pods",
      ],
    },
    "the API server says so": refused({
      ...WANTED,
      // Source: doctor/EKS-ACCESS.md, "RBAC".
      words:
        'Error from server (Forbidden): %: RBAC: clusterrole.rbac.authorization.k8s.io "pods" not found\n',
    }),
  },
  likely: {
    "the evidence has no role of that kind at all": refused(WANTED),
  },
  notApplicable: {
    "knows the roles that every cluster has, and leaves a binding elsewhere alone": [
      "ClusterRole view",
      "ClusterRole gone",
    ].map((to) => refused({ ...DEVELOPERS, rbac: [binding("Group developers", { to, namespace: "ops" })] })),
  },
  unknown: {
    "roles are left out": { on: { ...FAULT, excerpts: ["rbac"] }, missing: "rbac" },
  },
});
