import assert from "node:assert/strict";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)";
const ARN = "arn:aws:sts::111122223333:assumed-role/Dev/ada";
const CALLER = `{\n    "UserId": "AROAX:ada",\n    "Account": "111122223333",\n    "Arn": "${ARN}"\n}`;
const caller = { UserId: "AROAX:ada", Account: "111122223333", Arn: ARN };
const AWS_AUTH = `apiVersion: v1
data:
  mapRoles: |
    # set by terraform, do not edit
    - rolearn: arn:aws:iam::111122223333:role/Dev
      username: dev
      # kubectl get nodes shows them
      groups: [devs]
kind: ConfigMap
metadata:
  name: aws-auth
`;
const mapRoles = AWS_AUTH.split("\n")
  .slice(3, 8)
  .map((line) => `${line.slice(4)}\n`)
  .join("");
const KUBECONFIG = `# switch with > kubectl config use-context lab
apiVersion: v1
kind: Config
current-context: lab
contexts:
- name: lab
  context: { cluster: lab, user: lab }

# kubectl uses this user for lab
users:
- name: lab
  # $ aws eks update-kubeconfig --name lab
  user: { token: "***" }
`;
const ESC = "\u001b";
const stamped = (text: string, stamp: string) => text.replaceAll(/^/gm, stamp);
const TERMINAL = `$ aws sts get-caller-identity\n${CALLER}\n$ kubectl get pods\n${UNAUTHORIZED}`;
const READ = { callerIdentity: caller, question: { command: "kubectl get pods", stderr: UNAUTHORIZED } };

/** What people paste, and all that is made of it. */
const TEXTS: Readonly<Record<string, readonly [text: string, expected: object, name?: string]>> = {
  "a ConfigMap with comments": [
    `$ kubectl -n kube-system get cm aws-auth -o yaml\n${AWS_AUTH}$ kubectl get pods\n${UNAUTHORIZED}`,
    {
      awsAuth: { apiVersion: "v1", data: { mapRoles }, kind: "ConfigMap", metadata: { name: "aws-auth" } },
      question: READ.question,
    },
  ],
  "a kubeconfig with comments that look like commands, dropped": [
    KUBECONFIG,
    { kubeconfig: { files: [{ path: "config", text: KUBECONFIG.trimEnd() }] } },
    "config",
  ],
  "the same, shown": [
    `ada@laptop:~$ cat ~/.kube/config\n${KUBECONFIG}`,
    { kubeconfig: { files: [{ path: "~/.kube/config", text: KUBECONFIG.trimEnd() }] } },
  ],
  "AWS's config with a comment that looks like a command": [
    "[profile dev]\n# log in with: $ aws sso login\nrole_arn = x\n",
    {
      awsConfig: {
        path: "~/.aws/config",
        text: "[profile dev]\n# log in with: $ aws sso login\nrole_arn = x\n",
      },
    },
  ],
  "a raw log of GitHub Actions": [stamped(TERMINAL, "2026-01-15T12:00:00.1234567Z "), READ],
  "a terminal that stamps its lines": [stamped(TERMINAL, "[12:00:00] "), READ],
  "a quote of a mail": [stamped(TERMINAL, "> "), READ],
  "an indented block": [stamped(TERMINAL, "    "), READ],
  "a fence of Markdown": [`\`\`\`console\n${TERMINAL}\n\`\`\`\n`, READ],
  "a group of a CI log": [`##[group]Run kubectl\n${TERMINAL}\n##[endgroup]`, READ],
  "what a shell traces": [TERMINAL.replaceAll(/^\$ /gm, "+ "), READ],
  "a log with colors": [
    TERMINAL.replaceAll(/^\$ (.*)$/gm, `${ESC}[32;1m$ $1${ESC}[0;m`).replace(
      '"Arn"',
      `${ESC}[34m"Arn"${ESC}[0m`,
    ),
    READ,
  ],
  "the caller as text": [
    `$ aws sts get-caller-identity --output text\n111122223333\t${ARN}\tAROAX:ada`,
    { callerIdentity: caller },
  ],
  "the caller as a table": [
    `$ aws sts get-caller-identity --output table\n-----------\n|GetCallerIdentity|\n+---------+----+\n|  Account|  111122223333  |\n|  Arn    |  ${ARN}  |\n|  UserId |  AROAX:ada  |\n+---------+----+\n`,
    { callerIdentity: caller },
  ],
  "tables of kubectl": [
    "$ kubectl get ns\nNAME   STATUS   AGE\nweb    Active   3d\n$ kubectl get cm aws-auth -n kube-system\nNAME       DATA   AGE\naws-auth   3      2y\n$ kubectl get --raw /healthz\nok",
    { namespaces: { items: [{ kind: "Namespace", metadata: { name: "web" } }] } },
  ],
  "a description of aws-auth": [
    "$ kubectl -n kube-system describe cm aws-auth\nName:         aws-auth\nNamespace:    kube-system\n\nData\n====\nmapRoles:\n----\n- rolearn: x\n\nmapUsers:\n----\n[]\n\n\nBinaryData\n====\n\nEvents:  <none>\n",
    {
      awsAuth: {
        kind: "ConfigMap",
        metadata: { name: "aws-auth" },
        data: { mapRoles: "- rolearn: x\n", mapUsers: "[]\n" },
      },
    },
  ],
  "a sentence about a command": [
    `kubectl get pods gives ${UNAUTHORIZED}`,
    { question: { stderr: `kubectl get pods gives ${UNAUTHORIZED}` } },
  ],
  "another cluster's entries, and another context's caller": [
    `$ kubectl --context lab get pods\n${UNAUTHORIZED}\n$ aws eks describe-cluster --name lab\n{"cluster":{"name":"lab"}}\n$ aws eks list-access-entries --cluster-name other\n{"accessEntries":[]}\n$ kubectl --context prod auth whoami -o json\n{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"bob"}}}`,
    {
      question: { cluster: "lab", command: "kubectl --context lab get pods", stderr: UNAUTHORIZED },
      cluster: { cluster: { name: "lab" } },
    },
  ],
  "rights of somebody else, and a list of rights": [
    "$ kubectl auth can-i list pods -n web --as bob\nyes\n$ kubectl auth can-i --list\nResources   Non-Resource URLs   Resource Names   Verbs\npods        []                  []               [get]\n",
    {},
  ],
  "a bundle that is shown": [
    '$ cat case.json\n{"apiVersion":"vouch.kubectl/v1","kind":"DoctorEvidence","clusters":{"clusters":["lab"]}}\n',
    { clusters: { clusters: ["lab"] } },
  ],
  "a part of a file": [
    "$ cat ~/.kube/config | head -40\napiVersion: v1\nkind: Config\n",
    { kubeconfig: { files: [{ path: "~/.kube/config", text: "apiVersion: v1\nkind: Config" }] } },
  ],
};

describe("what people copy", () => {
  for (const [what, [text, expected, name]] of Object.entries(TEXTS))
    it(`is read for what it is: ${what}`, () => {
      for (const written of [text, text.replaceAll("\n", "\r\n")]) {
        const { evidence, taken } = readPasted([{ text: written, name }], 0);
        const { apiVersion: _1, kind: _2, gatheredAt: _3, ...parts } = evidence;
        assert.deepEqual(parts, expected, JSON.stringify(taken));
      }
    });
});
