import type { DoctorEvidence, Workload } from "../../../../doctor/evidence/evidence.ts";
import { awsExec, healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const NODE = {
  UserId: "AROANODENODENODENODE1:i-0123456789abcdef0",
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/Bastion/i-0123456789abcdef0",
};

function forbidden(user: string) {
  return {
    stderr: `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "web"`,
    exitCode: 1,
  };
}

const PERSON = { Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada" };
const POD: Workload = { kind: "pod", namespace: "ci", serviceAccount: "runner" };
/** A role of the machine that somebody uses under another session's name. */
const BASTION = { ...NODE, Arn: "arn:aws:sts::111122223333:assumed-role/Bastion/cron" };
const RUNNER = { differs: "on x64", exitCode: 0, callerIdentity: NODE };

/** An instance that is refused, and what is known of where the client runs. */
function on(workload: Workload, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unauthorized({ callerIdentity: NODE, workload, ...changes });
}

const UNKNOWN_MAPPING = { accessEntries: { failed: "denied" }, accessEntryDetails: { failed: "denied" } };

/** Lets the pod's role view the namespace that was tried. */
const POD_ENTRY = [
  "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ROLE_ARN",
  "aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ROLE_ARN --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web",
];

testRule("credentials/aws-instance-role", "L8", {
  certain: {
    "a pod on a node of this very cluster gets its role there": {
      on: healthyBundle({
        question: forbidden("system:node:ip-10-0-0-7.eu-west-1.compute.internal"),
        callerIdentity: NODE,
        workload: { ...POD, annotatedRole: null, podIdentityRole: null },
        ...awsExec({}),
      }),
      commands: [
        "aws eks create-pod-identity-association --cluster-name lab --region eu-west-1 --namespace ci --service-account runner --role-arn ROLE_ARN",
        ...POD_ENTRY,
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
        "kubectl config set-credentials lab --exec-env=AWS_EC2_METADATA_DISABLED=true",
      ],
    },
    "a pod without a role of its own calls as the node, whom nobody maps": {
      on: on({ ...POD, annotatedRole: null, podIdentityRole: null }, awsExec({})),
      evidence: [
        `AWS identifies the caller as ${NODE.Arn}.`,
        "Service account runner in namespace ci has neither the annotation eks.amazonaws.com/role-arn nor a Pod Identity association.",
        "Its session name is i-0123456789abcdef0, an EC2 instance ID.",
        /^Credential source: /,
      ],
      description:
        "Associate a separate role with service account runner in namespace ci in the cluster where the pod runs, then restart the pod. The role must trust pods.eks.amazonaws.com for sts:AssumeRole and sts:TagSession.",
      commands: [
        "aws eks create-pod-identity-association --cluster-name POD_CLUSTER --region POD_REGION --namespace ci --service-account runner --role-arn ROLE_ARN",
        ...POD_ENTRY,
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
        "kubectl config set-credentials lab --exec-env=AWS_EC2_METADATA_DISABLED=true",
      ],
    },
  },
  likely: {
    "of a pod only one way to give it a role is known": {
      on: on({ kind: "pod", annotatedRole: null }),
      description:
        /^Associate a separate role with the pod's service account in the cluster where the pod runs, then restart the pod\. /,
      evidence: [/^AWS identifies/, /^Its session/, /^Credential source/],
    },
    "a pod without a role of its own, while the mapping is not known": on(
      { ...POD, annotatedRole: null, podIdentityRole: null },
      UNKNOWN_MAPPING,
    ),
    "the caller has the role of the instance, said by ARN or by name": [
      {
        ...on({ kind: "instance", instanceRole: "arn:aws:iam::111122223333:role/ops/Bastion" }),
        callerIdentity: BASTION,
      },
      { ...on({ kind: "instance", instanceRole: "Bastion" }), callerIdentity: BASTION },
    ],
    "gives the machine's role an entry, by its ARN with its path": {
      on: {
        ...on({ kind: "instance", instanceRole: "arn:aws:iam::111122223333:role/ops/Bastion" }),
        ...awsExec({}),
      },
      commands: [
        "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ops/Bastion",
        "aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ops/Bastion --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web",
        "kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev",
        "kubectl config set-credentials lab --exec-env=AWS_EC2_METADATA_DISABLED=true",
      ],
    },
    "on the refusal alone": without(
      healthyBundle({ question: forbidden("system:node:i-0123456789abcdef0") }),
      "callerIdentity",
    ),
  },
  possible: {
    "while the mapping is not known": {
      on: unauthorized({ callerIdentity: NODE, ...UNKNOWN_MAPPING }),
      inferred: true,
    },
  },
  passed: {
    "a person with another role than the instance's": [
      on(
        { kind: "instance", instanceRole: "Bastion" },
        { callerIdentity: PERSON, accessEntries: { accessEntries: [] }, accessEntryDetails: [] },
      ),
      on(
        { kind: "instance", instanceRole: "arn:aws:iam::444455556666:role/Dev" },
        { callerIdentity: PERSON, accessEntries: { accessEntries: [] }, accessEntryDetails: [] },
      ),
    ],
    "an instance that is let in": unauthorized({
      callerIdentity: NODE,
      accessEntries: { accessEntries: ["arn:aws:iam::111122223333:role/Bastion"] },
      accessEntryDetails: [
        {
          accessEntry: {
            principalArn: "arn:aws:iam::111122223333:role/Bastion",
            type: "STANDARD",
            username: "bastion",
            createdAt: "2025-06-02T08:00:00Z",
          },
        },
      ],
    }),
  },
  notApplicable: {
    "another machine gets in with its own role": unauthorized({
      callerIdentity: NODE,
      otherObservations: [RUNNER],
    }),
    "a person whose entry makes a node of them (E6)": healthyBundle({
      question: forbidden("system:node:ada"),
    }),
  },
});
