import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
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

/** A pod's own call, refused, where this subject is bound. */
function ofPod(subject: string, namespace?: string, account = "runner"): DoctorEvidence {
  const user = `system:serviceaccount:web:${account}`;
  const bound = binding(subject);
  const subjects =
    bound.subjects?.map((one) => (namespace === undefined ? one : { ...one, namespace })) ?? [];
  return refused({
    attempt: LIST_PODS,
    user,
    groups: ["system:serviceaccounts", "system:serviceaccounts:web"],
    rbac: [{ ...bound, subjects }],
  });
}

/** What was tried, and what the binding means. */
const BIND = [
  "kubectl create rolebinding vouch-view -n web --clusterrole=view --serviceaccount=web:runner",
  "kubectl create clusterrolebinding vouch-view --clusterrole=view --serviceaccount=web:runner",
];

testRule("authorization/rbac-subject-kind", "R6", {
  certain: {
    "sees the full name of a service account as a group": {
      on: ofPod("Group system:serviceaccount:web:runner"),
      summary:
        "ClusterRoleBinding devs lists system:serviceaccount:web:runner as a Group, but the caller is service account runner in namespace web.",
      commands: BIND,
    },
    "sees a service account without its namespace": {
      on: ofPod("ServiceAccount runner"),
      summary:
        "ClusterRoleBinding devs lists runner as a ServiceAccount without a namespace, but the caller is service account runner in namespace web.",
      commands: BIND,
    },
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
  likely: {
    "sees the short name of a service account as a user": {
      on: ofPod("User runner"),
      summary:
        "ClusterRoleBinding devs lists runner as a User, but the caller is service account runner in namespace web.",
      commands: BIND,
    },
    "sees a service account of the same name in another namespace": {
      on: ofPod("ServiceAccount runner", "ci"),
      summary:
        "ClusterRoleBinding devs lists runner as a ServiceAccount in namespace ci, but the caller is service account runner in namespace web.",
      commands: BIND,
    },
  },
  notApplicable: {
    "leaves other namespaces' default account, and other accounts, alone": [
      ofPod("ServiceAccount default", "kube-system", "default"),
      ofPod("ServiceAccount builder", "web"),
      ofPod("User builder"),
    ],
    "leaves a group named after an ARN (R2) and strangers alone": [`Group ${USERNAME}`, "User ops"].map(
      (subject) => refused({ ...DEVELOPERS, rbac: [binding(subject)] }),
    ),
  },
});
