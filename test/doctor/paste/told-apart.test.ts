import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)";
const FORBIDDEN = 'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods"';
const caller = (name: string) =>
  `{"UserId":"AROAX:ada","Account":"111122223333","Arn":"arn:aws:sts::111122223333:assumed-role/${name}/ada"}`;
const BINDING =
  "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: x\nroleRef:\n  kind: ClusterRole\n  name: view\n";
const AWS_AUTH =
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: aws-auth\ndata:\n  mapRoles: |\n    - rolearn: x\n";
const CLUSTER = (name: string) =>
  `{"cluster":{"name":"${name}","certificateAuthority":{"data":"${"A".repeat(300)}"}}}`;

const read = (text: string) => readPasted([{ text }], 0);
const evidenceOf = (text: string): DoctorEvidence => read(text).evidence;
const questionOf = (text: string) => evidenceOf(text).question;

describe("a command of a client", () => {
  /** Words of shells, of logins and of people who wait no longer. */
  const NOT_CALLED = [
    "^C",
    "Killed",
    "Then enter the code:\n\nBQRT-WXKZ\n^C",
    "zsh: command not found: kubectl",
    "bash: kubectl: command not found",
    "Command 'kubectl' not found, but can be installed with:",
    "'kubectl' is not recognized as an internal or external command,",
    "-bash: /usr/local/bin/kubectl: Permission denied",
    "Enter MFA code for arn:aws:iam::111122223333:mfa/ada:",
    "Please touch your security key...\n^C",
    "vouch: the session has ended; run vouch login",
    "I1128 06:00:00.000000 1 loader.go:395] Config loaded from file: /home/ada/.kube/config\n^C",
  ];
  for (const words of NOT_CALLED)
    it(`did not work because nobody knows what it said: ${words}`, () => {
      const question = questionOf(`$ kubectl get pods\n${words}\n`);
      assert.deepEqual(question, { command: "kubectl get pods", stderr: words });
    });

  const WORKED = [
    "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          3d",
    "No resources found in default namespace.",
    '{"apiVersion":"v1","items":[],"kind":"List"}',
    "NAME\tNAMESPACE\tREVISION\nweb \tdefault  \t1",
    "deployment.apps/web unchanged",
  ];
  for (const words of WORKED)
    it(`worked where it shows what was asked for: ${words}`, () => {
      const question = questionOf(`$ kubectl get pods\n${words}\n`);
      assert.deepEqual(question, { command: "kubectl get pods", exitCode: 0, stderr: "" });
    });

  it("did not work for whom another was put in the place of", () => {
    assert.equal(questionOf("$ kubectl get pods --as system:admin\nNAME    READY\nweb-0   1/1\n"), undefined);
  });

  it("does not fail by what others said", () => {
    const failed = `$ kubectl get pods\n${FORBIDDEN}\n`;
    for (const shown of [
      "$ kubectl get events\nLAST SEEN   MESSAGE\n3m   unexpected status code 401 Unauthorized\n",
      "$ kubectl logs web-0\ntls: x509: certificate signed by unknown authority\n",
      "$ git log -1\nfix Unauthorized error\n",
    ])
      for (const text of [failed + shown, shown + failed])
        assert.deepEqual(questionOf(text), { command: "kubectl get pods", stderr: FORBIDDEN }, text);
    assert.equal(questionOf(`$ kubectl logs web-0\n${FORBIDDEN}\n`)?.command, "kubectl logs web-0");
  });

  it("is asked about as it failed last, and not where it worked after that", () => {
    const lapsed = "$ kubectl get pods\nError loading SSO Token: Token for dev does not exist\n";
    const again = `${lapsed}$ aws sso login\nSuccessfully logged into Start URL: https://x.awsapps.com/start\n`;
    assert.equal(questionOf(`${again}$ kubectl get pods\n${FORBIDDEN}\n`)?.stderr, FORBIDDEN);
    assert.equal(questionOf(`${again}$ kubectl get pods\nNAME    READY\nweb-0   1/1\n`)?.exitCode, 0);
  });
});

describe("a command", () => {
  it("ends where a backquote ends a command within it, and goes on behind PowerShell's", () => {
    const command = "kubectl get pods -n `cat ns`";
    assert.deepEqual(questionOf(`$ ${command}\n${UNAUTHORIZED}\n`), { command, stderr: UNAUTHORIZED });
    assert.deepEqual(questionOf(`PS C:\\> kubectl get pods \`\n>> -n web\n${UNAUTHORIZED}\n`), {
      command: "kubectl get pods -n web",
      stderr: UNAUTHORIZED,
    });
  });
});

describe("words around a failure", () => {
  it("are no YAML, though a key begins them", () => {
    for (const text of [
      `cluster: prod\n${UNAUTHORIZED}`,
      `Role: Developer\nUser: ada@example.com\n${UNAUTHORIZED}`,
    ])
      assert.match(questionOf(text)?.stderr ?? "", /Unauthorized/, text);
  });

  it("are left out where they stand in paragraphs of their own", () => {
    const text = `# Cannot list pods\n\nSince yesterday:\n\n${UNAUTHORIZED}\n\n**Versions**\n\n- EKS 1.34\n`;
    assert.deepEqual(questionOf(text), { stderr: UNAUTHORIZED });
  });

  it("are no command, though one begins them", () => {
    const text = `kubectl get pods does not work for me any more.\nIt says ${UNAUTHORIZED}`;
    assert.deepEqual(questionOf(text), { stderr: text });
  });

  it("may be a line of a log in JSON", () => {
    const line = '{"level":"error","error":"the server has asked for the client to provide credentials"}';
    assert.deepEqual(questionOf(`${line}\n`), { stderr: line });
  });
});

describe("JSON", () => {
  it("is read behind any number of lines that begin with a bracket", () => {
    const log = "[INFO] x\n".repeat(40);
    assert.ok(evidenceOf(`${log}${caller("Dev")}`).callerIdentity !== undefined);
  });

  it("is read where a window has broken its strings, or blanks are none that break", () => {
    const broken = CLUSTER("lab").replaceAll(/.{80}/g, "$&\n");
    for (const text of [broken, `{\u00a0\n\u00a0\u00a0"cluster": {"name": "lab"}}`])
      assert.ok(evidenceOf(`$ aws eks describe-cluster --name lab\n${text}\n`).cluster !== undefined, text);
  });

  it("stands in its own lines where it is one of several documents", () => {
    const { taken } = read(`${AWS_AUTH}---\nkind: Namespace\nmetadata:\n  name: web\n`);
    assert.deepEqual(
      taken.map(({ first, last, parts }) => [first, last, parts]),
      [
        [1, 7, ["awsAuth"]],
        [8, 11, ["namespaces"]],
      ],
    );
  });
});

describe("what a cluster has", () => {
  it("does not say a manifest that is shown, rendered or refused", () => {
    for (const text of [
      `$ cat aws-auth.yaml\n${AWS_AUTH}`,
      `$ cat binding.yaml\n${BINDING}`,
      `$ helm template .\n---\n${BINDING}`,
      `$ kubectl create clusterrolebinding x --clusterrole=view --dry-run=client -o yaml\n${BINDING}`,
      `$ kubectl apply -f - <<EOF\n${BINDING}EOF\n${FORBIDDEN}\n`,
    ]) {
      const { rbac, awsAuth } = evidenceOf(text);
      assert.deepEqual([rbac, awsAuth], [undefined, undefined], text);
    }
    assert.equal(
      questionOf(`$ kubectl apply -f - <<'EOF'\n${BINDING}EOF\n${FORBIDDEN}\n`)?.stderr,
      FORBIDDEN,
    );
  });

  it("is not all of it where some is selected", () => {
    const all = "$ kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json";
    const empty = '\n{"apiVersion":"v1","items":[],"kind":"List"}\n';
    assert.deepEqual(evidenceOf(all + empty).rbac, { items: [] });
    for (const flag of ["-l team=web", "--field-selector x=y", "| jq ."])
      assert.equal(evidenceOf(`${all} ${flag}${empty}`).rbac, undefined, flag);
  });

  it("is that of the cluster which the context is called after", () => {
    const arn = "arn:aws:eks:eu-west-1:111122223333:cluster/dev";
    const shown = (name: string) => `$ aws eks describe-cluster --name ${name}\n${CLUSTER(name)}\n`;
    const { cluster } = evidenceOf(
      `$ kubectl --context ${arn} get pods\n${UNAUTHORIZED}\n${shown("prod")}${shown("dev")}`,
    );
    assert.equal(cluster !== undefined && "cluster" in cluster && cluster.cluster.name, "dev");
  });
});

describe("who the caller is", () => {
  const arnOf = (text: string) => {
    const { callerIdentity } = evidenceOf(text);
    return callerIdentity !== undefined && "Arn" in callerIdentity ? callerIdentity.Arn : callerIdentity;
  };

  it("is nobody who was put in their place", () => {
    const as =
      '$ kubectl auth whoami --as bob -o json\n{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"bob"}}}\n';
    assert.equal(evidenceOf(as).selfSubjectReview, undefined);
  });

  it("is not whose profile was chosen beside", () => {
    const text = `$ aws sts get-caller-identity --profile admin\n${caller("Admin")}\n$ aws sts get-caller-identity\n${caller("Dev")}\n`;
    assert.match(String(arnOf(text)), /\/Dev\//);
  });

  it("says the ARN alone, too", () => {
    const arn = "arn:aws:iam::111122223333:user/ada";
    assert.equal(arnOf(`$ aws sts get-caller-identity --query Arn --output text\n${arn}\n`), arn);
  });
});

describe("prompts", () => {
  const said = (text: string) => read(text).taken.map(({ parts, problem }) => [...parts, problem]);

  it("of themes and of root are known by the program behind them", () => {
    for (const sign of ["╰─ ", "→ ", "⚡ ", "☸ ", "🚀 ", "$", "❯\u00a0"])
      assert.equal(questionOf(`${sign}kubectl get pods\n${UNAUTHORIZED}`)?.command, "kubectl get pods", sign);
    const root = `\n# kubectl get pods\n${UNAUTHORIZED}\n# aws sts get-caller-identity\n${caller("Dev")}\n`;
    assert.deepEqual(said(root), [
      ["question", undefined],
      ["callerIdentity", undefined],
    ]);
  });

  it("say nothing where nothing was typed at them", () => {
    for (const prompt of [
      "ada@laptop:~$",
      "$",
      "➜  infra git:(main) ✗",
      "ada@DESKTOP-7 MINGW64 ~/infra (main)",
    ])
      assert.deepEqual(
        said(`$ aws sts get-caller-identity\n${caller("Dev")}\n${prompt} `),
        [["callerIdentity", undefined]],
        prompt,
      );
  });

  it("are not where PowerShell quotes the line that failed", () => {
    const text = `PS C:\\> kubectl get pods\n${UNAUTHORIZED}\nAt line:1 char:1\n+ kubectl get pods\n+ ~~~~~~~~~~~~~~~~\n`;
    assert.equal(said(text).length, 1);
  });

  it("stand behind numbers of lines, too, and before a time at the right edge", () => {
    const lines = [`$ kubectl get pods${" ".repeat(20)}[10:22:31]`, UNAUTHORIZED];
    for (const text of [lines.join("\n"), lines.map((line, index) => `  ${index + 7} | ${line}`).join("\n")])
      assert.deepEqual(questionOf(text), { command: "kubectl get pods", stderr: UNAUTHORIZED });
  });

  it("stand behind a byte order mark, too", () => {
    assert.equal(questionOf(`\ufeff$ kubectl get pods\n${UNAUTHORIZED}`)?.command, "kubectl get pods");
  });
});

describe("a plugin's place", () => {
  it("is not told by an alias of the shell", () => {
    assert.equal(evidenceOf("$ which aws\naws: aliased to aws --profile prod\n").execCommand, undefined);
  });

  it("is not that of the client", () => {
    const { execCommand, client } = evidenceOf("$ which kubectl\n/snap/bin/kubectl\n");
    assert.equal(execCommand, undefined);
    assert.deepEqual(client, { name: "kubectl", path: "/snap/bin/kubectl" });
  });
});

describe("a table of nodes", () => {
  const nodes = (status: string) =>
    evidenceOf(`$ kubectl get nodes\nNAME        STATUS   ROLES\nip-10-0-0-7   ${status}   <none>\n`)
      .question;

  it("is no success where a node is NotReady", () => {
    assert.equal(nodes("Ready   ")?.exitCode, 0);
    assert.equal(nodes("NotReady")?.exitCode, undefined);
    assert.match(nodes("NotReady")?.stderr ?? "", /NotReady/);
  });
});
