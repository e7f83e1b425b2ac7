import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { nextEvidence, nextPlace } from "../../../doctor/report/next-evidence.ts";
import { placeOf } from "../../support/few-rights.ts";
import { AUTHORIZATION_FAULTS } from "../support/authorization-faults.ts";

describe("nextEvidence", () => {
  it("asks for the whole of what is there in part", () => {
    const next = (excerpts: DoctorEvidence["excerpts"] & {}) =>
      nextEvidence(deriveFacts({ ...AUTHORIZATION_FAULTS.R1, excerpts }), { shell: "bash" });
    assert.deepEqual(next([]), []);
    assert.deepEqual(next(["rbac"]), [
      {
        part: "rbac",
        command: "kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json",
      },
    ]);
  });

  it("asks, for a bare error, for what decides between the suspicions: commands alone", () => {
    const commands = (stderr: string) =>
      nextEvidence(
        deriveFacts({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", question: { stderr } }),
        {
          shell: "bash",
        },
      ).map(({ command }) => command);
    assert.deepEqual(commands("error: You must be logged in to the server (Unauthorized)"), [
      "kubectl config view --minify",
      "aws sts get-caller-identity",
      "aws eks list-access-entries --cluster-name CLUSTER --region REGION",
    ]);
    assert.deepEqual(commands("getting credentials: exec: executable aws failed with exit code 255"), [
      "kubectl config view --minify",
      "aws sts get-caller-identity",
    ]);
  });

  const HOST = "0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";
  const ENTRIES = "aws eks list-access-entries --cluster-name CLUSTER --region REGION";
  const USUAL = ["kubectl config view --minify", "aws sts get-caller-identity", ENTRIES];
  for (const [text, place, commands] of [
    [
      "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)",
      /^Where the call fails$/,
      USUAL,
    ],
    [
      "│ Error: Unauthorized\n│\n│   with kubernetes_namespace.web,\n│   on main.tf line 3",
      /runs Terraform$/,
      [`grep -rhA 20 '--include=*.tf' --exclude-dir=.terraform '^provider "' .`, ...USUAL.slice(1)],
    ],
    [
      `ComparisonError: failed to get cluster info for "https://${HOST}": the server has asked for the client to provide credentials`,
      /argocd CLI$/,
      [`argocd cluster get https://${HOST} -o yaml`, ENTRIES.replace("REGION", "eu-west-1")],
    ],
    [
      "error: You must be logged in to the server (Unauthorized)\nError: Process completed with exit code 1.",
      /^In a step of the job/,
      USUAL,
    ],
    ["$ cargo run\nError: Unauthorized", /^Where the call fails$/, USUAL],
    [
      "kubelet: Unable to register node with API server: Unauthorized",
      /^Where the call fails$/,
      [
        "aws eks describe-cluster --name CLUSTER --region REGION",
        "aws eks describe-access-entry --cluster-name CLUSTER --region REGION --principal-arn ROLE_ARN",
        "aws eks list-associated-access-policies --cluster-name CLUSTER --region REGION --principal-arn ROLE_ARN",
      ],
    ],
    ["Lens: error: You must be logged in to the server (Unauthorized)", /^In the terminal/, USUAL],
    ["$ k9s\nUnauthorized: You must be logged in to the server (Unauthorized)", /k9s/, USUAL],
    [
      "$ helm upgrade web .\nError: Kubernetes cluster unreachable: the server has asked for the client to provide credentials",
      /runs Helm$/,
      USUAL,
    ],
  ] as const)
    it(`says where to run them: ${text}`, () => {
      const facts = deriveFacts(readPasted([{ text }], 0).evidence);
      assert.match(nextPlace(facts), place);
      assert.deepEqual(
        nextEvidence(facts, { shell: "bash" }).map(({ command }) => command),
        commands,
      );
    });

  it("shows the provider blocks of Terraform in PowerShell", () => {
    const { evidence } = readPasted([{ text: "│ Error: Unauthorized\n│\n│   on main.tf line 3" }], 0);
    const [first] = nextEvidence(deriveFacts(evidence), { shell: "powershell" });
    assert.equal(first?.command, "Get-Content '*.tf'");
  });

  it("leads on from there: the role that Argo CD assumes is the one that the entries lack", () => {
    const text = `$ argocd app get web
ComparisonError  failed to get cluster info for "https://${HOST}": the server has asked for the client to provide credentials
$ argocd cluster get https://${HOST} -o yaml
config:
  awsAuthConfig:
    clusterName: prod
    roleARN: arn:aws:iam::111122223333:role/Argo
name: prod
server: https://${HOST}
$ aws eks list-access-entries --cluster-name prod
{"accessEntries": ["arn:aws:iam::111122223333:role/Admin"]}
`;
    const { evidence } = readPasted([{ text }], 0);
    assert.deepEqual(
      [evidence.question?.principal, evidence.question?.cluster, evidence.question?.region],
      ["arn:aws:iam::111122223333:role/Argo", "prod", "eu-west-1"],
    );
    assert.equal(placeOf("E1", evidence), "first");
  });
});
