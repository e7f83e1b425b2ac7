import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type DoctorEvidence, knownValue } from "../../../doctor/evidence/evidence.ts";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { CREDENTIAL_FAULTS } from "../../doctor/support/credential-faults.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { accessPolicy, addEntry, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, LAB_USER } from "../../lab/lab.ts";
import { makeLabCa } from "../../lab/tls.ts";
import type { AwsKeyVariables } from "../../support/aws-get-token.ts";
import { bundledScript } from "../../support/bundled-script.ts";
import { type DeskOptions, type LabDesk, labDesk } from "../../support/lab-desk.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const CONTEXT = `${LAB_CLUSTER}-vouch`;
const SESSION = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper";

/** A person logged in, with the context that setup writes. */
async function setUp(desk: LabDesk): Promise<void> {
  desk.logIn();
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  const { status, stderr } = await desk.run(["setup", "eks", ...cluster]);
  assert.equal(status, 0, stderr);
}

/** The doctor's report on the context, as a program reads it. */
async function report(desk: LabDesk, args: readonly string[] = [], options: DeskOptions = {}) {
  const { status, stdout, stderr } = await desk.run(
    ["doctor", "--context", CONTEXT, "-o", "json", ...args],
    options,
  );
  assert.notEqual(stdout, "", stderr);
  return { status, report: JSON.parse(stdout) as DoctorReport };
}

/** The kubeconfig of a cluster that was recreated since. */
async function withStaleCa(kubeconfig: string): Promise<string> {
  const { cert } = await makeLabCa("kubernetes");
  const data = Buffer.from(cert).toString("base64");
  return kubeconfig.replace(/(certificate-authority-data: )\S+/, `$1${data}`);
}

function kubeconfigOfAws({ lab }: LabDesk): string {
  const ca = Buffer.from(lab.cluster.certificateAuthority).toString("base64");
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["--region", LAB_REGION, "eks", "get-token", "--cluster-name", LAB_CLUSTER, "--output", "json"],
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "admin",
    clusters: [
      { name: lab.cluster.arn, cluster: { server: lab.cluster.endpoint, "certificate-authority-data": ca } },
    ],
    contexts: [{ name: "admin", context: { cluster: lab.cluster.arn, user: "admin" } }],
    users: [{ name: "admin", user: { exec } }],
  });
}

describe("kubectl vouch doctor", () => {
  const desk = labDesk();

  it("finds nothing wrong with a context of ours that works, and says who one is", async () => {
    await setUp(desk);
    const { status, report: found } = await report(desk);
    assert.equal(status, 0);
    assert.deepEqual(
      { healthy: found.healthy, rootCauses: found.rootCauses, warnings: found.warnings },
      { healthy: true, rootCauses: [], warnings: [] },
    );
    const { tokenEnds, ...identity } = found.identity;
    assert.deepEqual(identity, {
      arn: `${SESSION}/${LAB_USER}`,
      role: LAB_ROLE,
      username: `${SESSION}/${LAB_USER.replace("@", "-")}`,
      groups: ["system:authenticated"],
    });
    const minutes = (Date.parse(tokenEnds ?? "") - desk.lab.clock()) / 60_000;
    assert.ok(minutes > 13 && minutes <= 15, `the token ends in ${minutes} minutes`);
  });

  describe("with a context of `aws eks get-token`, which is an administrator's", () => {
    const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
    let bin: string;
    before(async () => {
      bin = path.join(path.dirname(desk.lab.home), "aws-bin");
      fs.mkdirSync(bin);
      const script = await bundledScript("aws-get-token", bin);
      const program = `#!/bin/sh\nexec '${process.execPath}' -- '${script}' "$@"\n`;
      fs.writeFileSync(path.join(bin, "aws"), program, { mode: 0o755 });
    });
    beforeEach(() => {
      desk.write(".kube/config", kubeconfigOfAws(desk));
      const admin = desk.lab.world.users.get(ADMIN);
      assert.ok(admin);
      addEntry(desk.lab.cluster, admin, { policies: [accessPolicy("AmazonEKSClusterAdminPolicy")] });
    });

    /** The report, and the evidence that was saved. */
    async function ask(args: readonly string[] = []) {
      const keys: AwsKeyVariables = {
        AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
      };
      const env = { PATH: `${bin}:${desk.lab.env["PATH"]}`, ...keys };
      const saved = path.join(desk.home, "evidence.json");
      const { status, stdout } = await desk.run(["doctor", "-o", "json", "--save", saved, ...args], { env });
      const text = fs.readFileSync(saved, "utf8");
      assert.equal(text.includes(LAB_ADMIN_KEY.secretAccessKey), false);
      return {
        status,
        found: JSON.parse(stdout) as DoctorReport,
        evidence: JSON.parse(text) as DoctorEvidence,
      };
    }

    it("finds nothing wrong, and could see everything", async () => {
      const { status, found } = await ask();
      assert.deepEqual([status, found.healthy, found.notSeen, found.warnings], [0, true, [], []]);
      assert.equal(found.identity.username, ADMIN);
    });

    it("answers about somebody else, whom no entry lets in", async () => {
      desk.lab.cluster.accessEntries.delete(LAB_ROLE);
      const { status, found, evidence } = await ask(["--principal", LAB_ROLE]);
      assert.deepEqual([status, found.rootCauses.map(({ cause }) => cause)], [79, ["E1"]]);
      const view = knownValue(evidence.rbac)?.items.find(
        ({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "view",
      );
      assert.equal(typeof view?.metadata.creationTimestamp, "string");
      assert.equal(
        knownValue(evidence.namespaces)?.items.some(({ metadata }) => metadata.name === "payments"),
        true,
      );
    });
  });

  it("answers a question about one namespace", async () => {
    await setUp(desk);
    assert.equal((await report(desk, ["-n", "team-a"])).status, 0);
    const { status, report: found } = await report(desk, ["-n", "payments"]);
    assert.equal(status, 79);
    assert.equal(found.healthy, false);
  });

  it("answers whether something is allowed", async () => {
    await setUp(desk);
    assert.equal((await report(desk, ["--for", "get pods/web -n default"])).status, 0);
    assert.equal((await report(desk, ["--for", "delete deployments.apps -n default"])).status, 79);
  });

  it("reads the words of a failure from standard input", async () => {
    await setUp(desk);
    const stdin =
      'Error from server (Forbidden): secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "default"\n';
    const { status, report: found } = await report(desk, ["--error", "-"], { stdin });
    assert.equal(status, 79);
    assert.equal(found.rootCauses.length > 0 || found.unknown !== undefined, true);
    assert.equal((await desk.run(["doctor", "--error", "-"], { stdin: " \n" })).status, 64);
    const long = `${"I0115 12:00:00 round_trippers.go:466] GET\n".repeat(20_000)}${stdin}`;
    assert.deepEqual(
      (await report(desk, ["--error", "-"], { stdin: long })).report.rootCauses,
      found.rootCauses,
    );
    const withDebug = `debug +0.100s GET https://eks.example/ → 401 in 5 ms: Unauthorized\n${stdin}`;
    assert.deepEqual(
      (await report(desk, ["--error", "-"], { stdin: withDebug })).report.rootCauses,
      found.rootCauses,
    );
  });

  it("runs the command after --, shows what it says, and looks into its failure", async () => {
    await setUp(desk);
    const kubectl = `#!/bin/sh\necho "asked: $*"\necho 'error: You must be logged in to the server (Unauthorized)' >&2\nexit 1\n`;
    const bin = path.dirname(desk.write("bin/kubectl", kubectl));
    fs.chmodSync(path.join(bin, "kubectl"), 0o755);
    const args = ["doctor", "--context", CONTEXT, "-o", "short", "--", "get", "pods", "-n", "payments"];
    const { status, stdout, stderr } = await desk.run(args, {
      env: { PATH: `${bin}:${desk.lab.env["PATH"]}` },
    });
    assert.equal(status, 79);
    assert.match(stdout, new RegExp(`^${CONTEXT}: T9 possible: `));
    assert.match(stderr, new RegExp(`^asked: --context ${CONTEXT} get pods -n payments$`, "m"));
    assert.match(stderr, /^error: You must be logged in to the server \(Unauthorized\)$/m);
  });

  it("refuses a command behind -- that the client does not understand", async () => {
    await setUp(desk);
    const bin = path.dirname(
      desk.write("bin/helm", "#!/bin/sh\necho 'Error: unknown command \"lst\"' >&2; exit 1\n"),
    );
    fs.chmodSync(path.join(bin, "helm"), 0o755);
    const env = { PATH: `${bin}:${desk.lab.env["PATH"]}` };
    const { status, stderr } = await desk.run(["doctor", "--", "helm", "lst"], { env });
    assert.equal(status, 64);
    assert.match(stderr, /The command is invalid and did not call a cluster: helm lst/);
  });

  it("ends with 130 when the command after -- is interrupted", async () => {
    await setUp(desk);
    const bin = path.dirname(desk.write("bin/helm", "#!/bin/sh\nwhile :; do :; done\n"));
    fs.chmodSync(path.join(bin, "helm"), 0o755);
    const signal = AbortSignal.timeout(300);
    const env = { PATH: `${bin}:${desk.lab.env["PATH"]}` };
    const { status, stderr } = await desk.run(["doctor", "--", "helm", "list"], { env, signal });
    assert.deepEqual([status, /Interrupted/.test(stderr)], [130, true], stderr);
  });

  it("asks the administrator to look into the very file that has the case", async () => {
    const { bundle } = FAULTS.find(({ row }) => row === "E1") ?? {};
    const read = desk.write("given.json", JSON.stringify(bundle));
    const saved = path.join(desk.home, "cases", "of today.json");
    fs.mkdirSync(path.dirname(saved));
    const told = async (...args: readonly string[]) => {
      const { stdout } = await desk.run(["doctor", "--evidence", read, ...args]);
      const message = await desk.run(["doctor", "--evidence", read, ...args, "-o", "message"]);
      return [
        /attach\s+(\S.*)\.$/m.exec(stdout)?.[1],
        /--evidence (.*) --complete$/m.exec(message.stdout)?.[1],
      ];
    };
    const none = ["case.json", "case.json"];
    assert.deepEqual(await told(), [read, "given.json"]);
    assert.deepEqual(await told("--save", saved), [saved, "'of today.json'"]);
    assert.deepEqual(await told("--for", "list pods"), none);
    // A redacted case cannot be completed.
    assert.deepEqual(await told("--redact"), ["case.json", undefined]);
  });

  it("uses no network and runs nothing when it is to stay offline", async () => {
    await setUp(desk);
    const calls = desk.lab.aws.calls.length;
    const requests = desk.lab.vouch.requests.length;
    const { status, report: found } = await report(desk, ["--offline"]);
    assert.deepEqual([desk.lab.aws.calls.length, desk.lab.vouch.requests.length], [calls, requests]);
    assert.equal(status, 79);
    assert.deepEqual(found.rootCauses, []);
    assert.notEqual(found.unknown, undefined);
  });

  it("judges by the rules that are named alone", async () => {
    await setUp(desk);
    desk.lab.cluster.accessEntries.delete(LAB_ROLE);
    const only = await report(desk, ["--only", "K10,plugin-not-found"]);
    assert.deepEqual([only.status, only.report.rootCauses], [79, []]);
    const { passed, notApplicable } = only.report.checked;
    assert.deepEqual(
      [passed, notApplicable].map((rules) => rules.map(({ code }) => code)),
      [["plugin-cluster-name"], ["plugin-not-found"]],
    );
    const { status, stderr } = await desk.run(["doctor", "--only", "E99"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: --only: E99 is neither an error code nor a rule\. \[usage\]$/m);
  });

  it("ends with 0 whatever it finds when nothing is to count", async () => {
    await setUp(desk);
    desk.lab.cluster.accessEntries.delete(LAB_ROLE);
    const { status, report: found } = await report(desk, ["--fail-on", "never"]);
    assert.deepEqual([status, found.healthy], [0, false]);
  });

  it("prints YAML, JUnit, HTML and one line too", async () => {
    await setUp(desk);
    const file = path.join(desk.home, "evidence.json");
    await report(desk, ["--save", file]);
    const as = async (format: string) =>
      (await desk.run(["doctor", "--evidence", file, "-o", format])).stdout;
    assert.deepEqual(parse(await as("yaml")), JSON.parse(await as("json")));
    assert.match(
      await as("junit"),
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="kubectl vouch doctor">/,
    );
    assert.match(
      await as("html"),
      /context lab-vouch<\/p><h1 id="verdict" tabindex="-1">No fault found\.<\/h1>/,
    );
    assert.equal(await as("short"), `${CONTEXT}: ok (${SESSION}/${LAB_USER.replace("@", "-")})\n`);
  });

  it("says first what is wrong, to people", async () => {
    await setUp(desk);
    fs.rmSync(path.join(desk.home, ".local"), { recursive: true });
    const { status, stdout } = await desk.run(["doctor", "--context", CONTEXT], { columns: 120 });
    assert.equal(status, 79);
    assert.match(stdout, /^Context lab-vouch: kubeconfig ✓ plugin \? credentials ✗ /m);
    assert.equal(stdout.split("\n", 1)[0], `✗ Not logged in to ${desk.lab.vouch.url}. (V1, certain)`);
  });

  it("waits until nothing is wrong, as long as it was told", async () => {
    await setUp(desk);
    const entry = desk.lab.cluster.accessEntries.get(LAB_ROLE);
    assert.ok(entry);
    desk.lab.cluster.accessEntries.delete(LAB_ROLE);
    const { status, report: found } = await report(desk, ["--wait", "600"], {
      terminals: ["stderr"],
      onErr: (text) => text.includes("Waiting before") && desk.lab.cluster.accessEntries.set(LAB_ROLE, entry),
    });
    assert.deepEqual([status, found.healthy], [0, true]);
  });

  it("waits until the command works, and shows what it prints then, and how it failed first", async () => {
    await setUp(desk);
    const granted = path.join(desk.home, "granted");
    const fails = 'echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1';
    const tool = desk.write("tool", `#!/bin/sh\ntest -e ${granted} && echo works && exit 0\n${fails}\n`);
    fs.chmodSync(tool, 0o755);
    const { status, stdout, stderr } = await desk.run(["doctor", "--wait", "600", "--", tool], {
      terminals: ["stderr"],
      onErr: (text) => text.includes("Waiting before") && fs.writeFileSync(granted, ""),
    });
    assert.deepEqual([status, stdout.split("\n", 1)], [0, ["works"]], stderr);
    assert.equal(stderr.match(/You must be logged in/g)?.length, 1);
  });

  it("tells whether the machine is ready, before there is any context", async () => {
    desk.logIn();
    const { status, stdout } = await desk.run(["doctor", "--pre", "-o", "json"]);
    const { healthy, rootCauses } = JSON.parse(stdout) as DoctorReport;
    assert.deepEqual({ status, healthy, rootCauses }, { status: 0, healthy: true, rootCauses: [] });
    desk.isKeyPlugged = false;
    const text = (await desk.run(["doctor", "--pre"])).stdout;
    assert.match(text, /^Security key: {2}none is plugged in$/m);
    assert.match(text, new RegExp(`^Logged in: {5}${LAB_USER} until \\d{4}-\\S+ \\S+ UTC\\S*$`, "m"));
  });

  it("lists its rules, and explains one by its code or its row", async () => {
    const { stdout } = await desk.run(["doctor", "--list", "-o", "json"]);
    const codes = (JSON.parse(stdout) as { items: { code: string }[] }).items.map(({ code }) => code);
    assert.equal(new Set(codes).size, codes.length);
    assert.equal(codes.includes("plugin-cluster-name"), true);
    const byCode = await desk.run(["explain", "plugin-cluster-name"]);
    const byRow = await desk.run(["explain", "k10"]);
    assert.deepEqual([byCode.status, byCode.stdout], [0, byRow.stdout]);
    assert.equal((await desk.run(["explain", "nothing-of-that-name"])).status, 64);
  });

  it("stops when it is interrupted", async () => {
    await setUp(desk);
    const control = new AbortController();
    for (const server of desk.lab.kube.values()) server.faults.silent = true;
    setTimeout(() => control.abort(), 300);
    const { status, stderr } = await desk.run(["doctor", "--context", CONTEXT], { signal: control.signal });
    assert.equal(status, 130, stderr);
  });

  it("writes commands for the shell that is named, else for fish where one works in it", async () => {
    const file = desk.write("evidence.json", JSON.stringify(CREDENTIAL_FAULTS["L5"]));
    const first = async (shell: string, ...args: readonly string[]) => {
      const { stdout } = await desk.run(["doctor", "--evidence", file, "-o", "json", ...args], {
        env: { SHELL: shell },
      });
      return (JSON.parse(stdout) as DoctorReport).rootCauses[0]?.fixes[0]?.commands[0]?.split(" ")[0];
    };
    assert.equal(await first("/bin/zsh"), "unset");
    assert.equal(await first("/usr/bin/fish"), "set");
    assert.equal(await first("/usr/bin/fish", "--shell", "powershell"), "Remove-Item");
  });

  it("refuses a file that is no evidence, and one that is not there", async () => {
    const file = desk.write("evidence.json", '{"kind": "Pod"}');
    assert.equal((await desk.run(["doctor", "--evidence", file])).status, 6);
    assert.equal((await desk.run(["doctor", "--evidence", `${file}2`])).status, 6);
  });

  it("refuses options that cannot be meant together", async () => {
    const { status, stderr } = await desk.run(["doctor", "--all-contexts", "--context", "x"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: --all-contexts and --context cannot be combined\. \[usage\]$/m);
  });

  it("refuses a question that it does not understand, before it looks anywhere", async () => {
    for (const words of [["kubectl get pods"], ["frobnicate pods"], ["list secrets -n a", "-n", "b"]]) {
      const { status, stdout, stderr } = await desk.run(["doctor", "--for", ...words]);
      assert.deepEqual([status, stdout], [64, ""]);
      assert.match(stderr, /\[usage\]$/m);
    }
  });

  it("asks whether the pods of all namespaces may be listed with -A", async () => {
    await setUp(desk);
    const { status, report: found } = await report(desk, ["-A"]);
    assert.equal(status, 79);
    assert.equal(found.tried, "list pods in all namespaces");
    const { stage, state } = found.chain.at(-1) ?? assert.fail();
    assert.deepEqual([stage, state], ["authorization", "broken"]);
  });

  describe("--fix", () => {
    beforeEach(async () => assert.equal((await desk.run(["completion", "install"])).status, 0));

    it("rewrites our entry after a yes, and nothing else, and looks again", async () => {
      await setUp(desk);
      const right = desk.read(".kube/config").replace(/^current-context: .*\n/m, "");
      desk.write(".kube/config", await withStaleCa(right));
      fs.chmodSync(desk.kubeconfig, 0o600);
      const terminal = scriptedTerminal(["yes"]);
      const { status, stdout } = await desk.run(["doctor", "--context", CONTEXT, "--fix"], { terminal });
      terminal.verify();
      assert.equal(desk.read(".kube/config"), right);
      assert.equal(status, 0);
      assert.match(stdout, /^✗ .*\(V8,\s+certain\)$/ms);
      assert.match(
        stdout,
        /^- +certificate-authority-data: \(.+\)\n\+ +certificate-authority-data: \(.+\)$/m,
      );
      assert.match(stdout, /^✓ No fault found\. Tried: list pods in namespace default,\s+as\s/m);
    });

    it("changes nothing after a no, nor when nobody can be asked", async () => {
      await setUp(desk);
      const wrong = await withStaleCa(desk.read(".kube/config"));
      desk.write(".kube/config", wrong);
      fs.chmodSync(desk.kubeconfig, 0o600);
      for (const terminal of [scriptedTerminal([""]), "none"] as const) {
        const { status } = await desk.run(["doctor", "--context", CONTEXT, "--fix"], { terminal });
        assert.deepEqual([status, desk.read(".kube/config")], [79, wrong]);
      }
    });

    it("fixes a file that others may read, and a lock that nobody holds", async () => {
      await setUp(desk);
      fs.chmodSync(desk.kubeconfig, 0o644);
      const lock = desk.write(".kube/config.lock", "");
      const anHourAgo = desk.lab.clock() / 1000 - 3600;
      fs.utimesSync(lock, anHourAgo, anHourAgo);
      const terminal = scriptedTerminal(["y", "y"]);
      await desk.run(["doctor", "--context", CONTEXT, "--fix", "-o", "short"], { terminal });
      terminal.verify();
      assert.equal(fs.statSync(desk.kubeconfig).mode & 0o777, 0o600);
      assert.equal(fs.existsSync(lock), false);
    });

    it("looks again without the error that was pasted before the fix", async () => {
      await setUp(desk);
      fs.chmodSync(desk.kubeconfig, 0o644);
      const error = "error: You must be logged in to the server (Unauthorized)\n";
      const terminal = scriptedTerminal(["y"]);
      const args = ["doctor", "--context", CONTEXT, "--fix", "--error", "-"];
      const { status, stderr } = await desk.run(args, { terminal, stdin: error });
      terminal.verify();
      assert.equal(status, 0, stderr);
    });

    it("says so when there is nothing to fix", async () => {
      await setUp(desk);
      fs.chmodSync(desk.kubeconfig, 0o600);
      await desk.run(["completion", "uninstall"]);
      const { status, stderr } = await desk.run(["doctor", "--context", CONTEXT, "--fix"]);
      assert.equal(status, 0);
      assert.match(stderr, /^There is nothing for --fix to fix on this machine\.$/m);
    });
  });
});
