import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT } from "../../support/bundle.ts";
import { KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const K9 = KUBECONFIG_FAULTS.K9;

function changed(from: string | RegExp, to: string): DoctorEvidence {
  const { kubeconfig } = K9;
  if (kubeconfig === undefined || "failed" in kubeconfig) throw new Error("the bundle has a kubeconfig");
  const files = kubeconfig.files.map((file) =>
    "text" in file ? { ...file, text: file.text.replace(from, to) } : file,
  );
  return { ...K9, kubeconfig: { files } };
}

/** A user of the context's own, by kubectl. */
const written = (name: string, role: string) => [
  `kubectl config set-credentials ${name} --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-command=aws --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json --exec-arg=--role --exec-arg=${role}`,
  `kubectl config set-context ${name} --user=${name}`,
];

testRule("kubeconfig/kubeconfig-shared-user", "K9", {
  likely: {
    "finds the role that update-kubeconfig overwrote among those of the evidence": {
      on: {
        ...K9,
        accessEntries: {
          accessEntries: ["Admin", "Ops"].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`),
        },
      },
      commands: [
        `aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-admin --user-alias lab-admin --role-arn arn:aws:iam::${ACCOUNT}:role/Admin`,
        `aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-readonly --user-alias lab-readonly --role-arn arn:aws:iam::${ACCOUNT}:role/ReadOnly`,
      ],
    },
    "has kubectl write the users where AWS denies eks:DescribeCluster": {
      on: { ...K9, cluster: { failed: "AccessDeniedException" } },
      commands: [
        ...written("lab-admin", "ROLE_ARN"),
        ...written("lab-readonly", "arn:aws:iam::111122223333:role/ReadOnly"),
      ],
    },
    "explains what the other role may not do, and keeps the profile below the role": {
      on: changed("command: aws", "env: [{name: AWS_PROFILE, value: base}]\n      command: aws"),
      explains: ["E1", "A1", "E5", "P1", "P2", "P3", "P4", "P5", "P6", "P10", "P13", "R1", "R3", "R4", "R7"],
      commands: [
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-admin --user-alias lab-admin --role-arn ROLE_ARN --profile base",
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab-readonly --user-alias lab-readonly --role-arn arn:aws:iam::111122223333:role/ReadOnly --profile base",
      ],
    },
  },
  possible: {
    "no name points to a role": { on: changed("role/ReadOnly", "role/Ops"), inferred: true },
  },
  passed: {
    "contexts that differ in their namespace": changed(
      /(name: lab-readonly\n {2}context: \{)/,
      "$1namespace: web, ",
    ),
    "contexts with users of their own": changed(/(name: lab-readonly\n.*user: )"[^"]*"/, "$1other"),
  },
  notApplicable: {
    "a context that works": { ...K9, question: { exitCode: 0 } },
  },
});
