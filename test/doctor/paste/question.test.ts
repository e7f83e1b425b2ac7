import assert from "node:assert/strict";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)";
const REFUSED =
  "An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: eks:DescribeCluster";

const asked = (text: string) => readPasted([{ text }], 0);

describe("the failure that is asked about", () => {
  it("is that of a client before that of a command for evidence, and what nobody knows comes last", () => {
    const turns = [
      "words",
      `$ kubectl auth whoami\n${UNAUTHORIZED}`,
      `$ aws eks update-kubeconfig --name x\n${REFUSED}`,
      "$ kubectl get nodes\nip-10-0-0-1   Ready",
      `$ helm list\nError: Kubernetes cluster unreachable`,
    ];
    const commands = turns.map(
      (_, index) => asked(turns.slice(0, index + 1).join("\n")).evidence.question?.command,
    );
    assert.deepEqual(commands, [
      undefined,
      "kubectl auth whoami",
      "aws eks update-kubeconfig --name x",
      "aws eks update-kubeconfig --name x",
      "helm list",
    ]);
  });

  it("is the last of several, as things are now", () => {
    const { evidence, taken } = asked(
      `$ kubectl get pods\n${UNAUTHORIZED}\n$ kubectl get nodes\n${UNAUTHORIZED}\n`,
    );
    assert.equal(evidence.question?.command, "kubectl get nodes");
    assert.deepEqual(
      taken.map(({ parts, problem }) => [parts, problem]),
      [
        [[], "a different failure is diagnosed"],
        [["question"], undefined],
      ],
    );
  });

  it("names Terraform as the client by its command or its frames, but no other client beside a command", () => {
    const words =
      'Error: Get "http://localhost/api/v1/namespaces": dial tcp 127.0.0.1:80: connect: connection refused';
    const clientOf = (text: string) => asked(text).evidence.client;
    for (const text of [`$ tofu apply\n${words}\n`, `│ ${words}\n`])
      assert.deepEqual(clientOf(text), { name: "terraform" }, text);
    const block = 'provider "kubernetes" {\n  host = var.host\n}';
    assert.deepEqual(clientOf(`$ terraform plan\n${words}\n$ cat main.tf\n${block}\n`), {
      name: "terraform",
      configuration: block,
    });
    assert.equal(clientOf(`$ kubectl get pods # in Lens\n${UNAUTHORIZED}\n`), undefined);
  });

  it("is a refusal of evidence where there is no other", () => {
    const { evidence, taken } = asked(`$ aws eks describe-cluster --name lab\n\n${REFUSED}\n`);
    assert.equal(evidence.question?.stderr, REFUSED);
    assert.deepEqual(evidence.cluster, { failed: REFUSED });
    assert.deepEqual(
      taken.map(({ parts }) => parts),
      [["cluster"]],
    );
    const both = asked(
      `$ aws eks describe-cluster --name lab\n\n${REFUSED}\n$ kubectl get pods\n${UNAUTHORIZED}\n`,
    );
    assert.equal(both.evidence.question?.command, "kubectl get pods");
  });

  it("is that of a bundle, whatever is pasted beside it", () => {
    const bundle = {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      question: { command: "helm list", stderr: "x" },
    };
    const texts = [{ text: `$ kubectl get pods\n${UNAUTHORIZED}` }, { text: JSON.stringify(bundle) }];
    assert.equal(readPasted(texts, 0).evidence.question?.command, "helm list");
  });
});
