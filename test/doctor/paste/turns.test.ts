import assert from "node:assert/strict";
import { turnsOf } from "../../../doctor/paste/turns.ts";

/** What stands before and behind what was typed. */
const TYPED: Readonly<Record<string, string>> = {
  "ada@laptop:~$ kubectl get pods": "kubectl get pods",
  "ada@laptop:/srv/my app$ kubectl get pods": "kubectl get pods",
  "[ada@ip-10-0-0-1 ~]$ kubectl get pods": "kubectl get pods",
  "root@ip-10-0-0-1:/# kubectl get pods": "kubectl get pods",
  "(venv) $ kubectl get pods": "kubectl get pods",
  "bash-5.2# kubectl get pods": "kubectl get pods",
  "ada@laptop ~ % kubectl get pods": "kubectl get pods",
  "➜  work git:(main) ✗ kubectl get pods": "kubectl get pods",
  "❯ ./deploy.sh": "./deploy.sh",
  "12:04:11 λ kubectl get pods": "kubectl get pods",
  "$ AWS_PROFILE=dev sudo kubectl get pods": "AWS_PROFILE=dev sudo kubectl get pods",
  "PS C:\\Users\\ada> kubectl.exe get pods": "kubectl.exe get pods",
  "C:\\Users\\ada>kubectl get pods": "kubectl get pods",
  "kubectl -n web get pods": "kubectl -n web get pods",
  "aws --profile dev sts get-caller-identity": "aws --profile dev sts get-caller-identity",
  "$ k get pods": "kubectl get pods",
};

/** What looks like it, and was not typed. */
const SAID = [
  "# kubectl get pods",
  "kubectl controls the Kubernetes cluster manager.",
  "aws: error: argument operation: Invalid choice",
  'error: exec plugin "aws" is not configured > see the docs',
  "  command: aws",
  "|  kubectl get pods",
  "Run `kubectl config get-contexts`.",
  "$ 5 off",
  "kubectl get pods gives nothing.",
];

describe("what was typed", () => {
  for (const [line, command] of Object.entries(TYPED))
    it(`is found: ${line}`, () => {
      assert.deepEqual(turnsOf(`before\n${line}\nafter\n`), [
        { command: undefined, output: "before", line: 1 },
        { command, output: "after\n", line: 3 },
      ]);
    });

  for (const line of SAID)
    it(`is not what was said: ${line}`, () => {
      assert.deepEqual(turnsOf(`before\n${line}`), [
        { command: undefined, output: `before\n${line}`, line: 1 },
      ]);
    });

  it("goes on in the next line, in bash, PowerShell and cmd", () => {
    for (const sign of ["\\", "`", "^"])
      assert.deepEqual(turnsOf(`$ kubectl get ${sign}\n>   pods ${sign}\n  -A\nweb-0`), [
        { command: "kubectl get pods -A", output: "web-0", line: 4 },
      ]);
  });

  it("is root's behind a blank line, where else a comment would stand", () => {
    assert.deepEqual(turnsOf("\n# kubectl get pods\nweb-0"), [
      { command: "kubectl get pods", output: "web-0", line: 3 },
    ]);
  });

  it("is nothing in an empty text", () => assert.deepEqual(turnsOf(" \n\r\n"), []));
});
