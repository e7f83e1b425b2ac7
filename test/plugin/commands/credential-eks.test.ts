import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { onFullDisk } from "../../support/full-disk.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { CREDENTIAL_WORDS, SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";
import { tokenUser } from "../../support/token-user.ts";

const V1 = "client.authentication.k8s.io/v1";
const V1BETA1 = "client.authentication.k8s.io/v1beta1";

function execInfo(apiVersion = V1, interactive = false): string {
  return `${JSON.stringify({ kind: "ExecCredential", apiVersion, spec: { interactive } })}\n`;
}

/** Names of files, without locks. */
function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.includes("lock"))
    .sort();
}

suiteOnPosix("lab", "kubectl vouch credential eks", () => {
  const desk = labDesk();
  const args = (...more: string[]) => [...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url, ...more];
  const ask = (words: string[], { env, ...options }: DeskOptions = {}) =>
    desk.run(words, { env: { KUBERNETES_EXEC_INFO: execInfo(), ...env }, answersSecret: true, ...options });
  const token = (stdout: string) => (JSON.parse(stdout) as { status: { token: string } }).status.token;
  const exchanges = () =>
    desk.lab.aws.calls.filter(({ operation }) => operation.startsWith("AssumeRole")).length;

  beforeEach(() => {
    desk.logIn();
    desk.lab.aws.clearCalls();
  });

  for (const version of [V1, V1BETA1]) {
    it(`prints one ExecCredential of ${version}, which the API server accepts`, async () => {
      const { status, stdout, stderr } = await ask(args(), {
        env: { KUBERNETES_EXEC_INFO: execInfo(version) },
      });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      const { status: answer, ...rest } = JSON.parse(stdout) as { status: { expirationTimestamp: string } };
      assert.deepEqual(rest, { kind: "ExecCredential", apiVersion: version });
      assert.deepEqual(Object.keys(answer).sort(), ["expirationTimestamp", "token"]);
      const minutes = (Date.parse(answer.expirationTimestamp) - desk.lab.clock()) / 60_000;
      assert.ok(minutes > 12 && minutes <= 14, `it lives ${minutes} minutes`);
      assert.match(
        await tokenUser(desk.lab, token(stdout)),
        /^arn:aws:sts::111122223333:assumed-role\/VouchDeveloper\//,
      );
    });
  }

  it("speaks v1 where nobody says what is wanted", async () => {
    const { stdout } = await ask(args(), { env: { KUBERNETES_EXEC_INFO: undefined } });
    assert.equal((JSON.parse(stdout) as { apiVersion: string }).apiVersion, V1);
  });

  for (const info of [
    "{",
    '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1alpha1"}',
  ]) {
    it(`refuses KUBERNETES_EXEC_INFO=${info}`, async () => {
      const { status, stdout, stderr } = await ask(args(), { env: { KUBERNETES_EXEC_INFO: info } });
      assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
      assert.match(stderr, /\[exec-info-invalid\]\nRun `kubectl vouch setup eks --cluster NAME`/);
    });
  }

  it("takes what is missing from the AWS profile and the last login", async () => {
    await desk.run(["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION]);
    const words = ["credential", "eks", "--cluster-name", LAB_CLUSTER];
    const { status, stdout, stderr } = await ask(words, { env: { VOUCH_SERVER: undefined } });
    assert.equal(status, 0, stderr);
    assert.match(token(stdout), /^k8s-aws-v1\./);
  });

  it("does not let AWS variables change who one is", async () => {
    await desk.run(["setup", "aws", "--role", "arn:aws:iam::111122223333:role/Other", "--profile", "other"]);
    const env = { AWS_PROFILE: "other", AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIAX" };
    const { stdout } = await ask(args(), { env });
    assert.match(await tokenUser(desk.lab, token(stdout)), /assumed-role\/VouchDeveloper\//);
  });

  it("gives a token on a full disk, also where nothing is to be kept", async () => {
    assert.equal((await onFullDisk(desk.home, () => ask(args()))).status, 0);
    await desk.run(["config", "set", "cache", "off"]);
    assert.equal((await onFullDisk(desk.home, () => ask(args()))).status, 0);
    assert.equal(exchanges(), 2);
  });

  it("mints once for many calls of other processes", async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((parentId) => ask(args(), { parentId })));
    assert.equal(new Set(answers.map(({ stdout }) => token(stdout))).size, 1);
    assert.equal(exchanges(), 1);
  });

  it("issues a token with --no-cache that nothing is cached for or from", async () => {
    const cached = () => filesBelow(path.join(desk.home, ".local", "state", "kubectl-vouch", "sessions"));
    const before = cached();
    const first = token((await ask(args("--no-cache"))).stdout);
    assert.deepEqual(cached(), before);
    const kept = token((await ask(args())).stdout);
    const afterwards = cached();
    const second = token((await ask(args("--no-cache"))).stdout);
    assert.deepEqual(cached(), afterwards);
    assert.equal(new Set([first, kept, second]).size, 3);
    assert.equal(exchanges(), 3);
  });

  it("fetches a fresh token once in a burst, and says once what that means", async () => {
    const first = await ask(args());
    desk.advance(300);
    const burst = [await ask(args()), await ask(args()), await ask(args())];
    assert.equal(exchanges(), 2);
    const fresh = token(burst[0]?.stdout ?? "");
    assert.notEqual(fresh, token(first.stdout));
    assert.deepEqual(
      burst.map(({ stdout }) => token(stdout)),
      [fresh, fresh, fresh],
    );
    assert.deepEqual(
      burst.map(({ stderr }) => stderr),
      [
        "kubectl-vouch: the API server of lab probably rejected the token; a new one was fetched.\n" +
          "If it is rejected again: `kubectl vouch doctor --context lab-vouch`\n",
        "",
        "",
      ],
    );
  });

  it("names the context that asks, in what it says of a refusal", async () => {
    const setup = SETUP_WORDS;
    await desk.run([...setup, "--context-name", "work"]);
    await ask(args());
    assert.match((await ask(args())).stderr, /`kubectl vouch doctor --context work`/);
  });

  const failures: Record<string, [() => string[], number, string]> = {
    "no cluster is named": [() => ["credential", "eks"], 64, "usage"],
    "the cluster's name is none": [() => args().with(3, "../x"), 6, "cluster-name-invalid"],
    "no region is known": [() => args().toSpliced(4, 2), 6, "region-missing"],
    "the region is none": [() => args().with(5, "nowhere"), 6, "region-invalid"],
    "the region is of another partition": [() => args().with(5, "cn-north-1"), 6, "partition-mismatch"],
    "the role is none": [() => args().with(7, "Dev"), 6, "role-arn-invalid"],
    "no role is known": [() => args().toSpliced(6, 2), 6, "aws-not-configured"],
    "the server is no address": [() => args().with(9, "nowhere"), 6, "server-url-invalid"],
    "nobody is logged in there": [() => args().with(9, "https://us.vouch.sh"), 2, "logged-out"],
    "nobody of that name is": [() => args("--account", "grace@example.com"), 2, "logged-out"],
    "the role does not trust the server": [() => args().with(7, `${LAB_ROLE}2`), 5, "role-not-trusted"],
  };
  for (const [what, [words, expected, code]] of Object.entries(failures)) {
    it(`keeps stdout empty and ends with ${expected} when ${what}`, async () => {
      const { status, stdout, stderr } = await ask(words());
      assert.deepEqual({ status, stdout }, { status: expected, stdout: "" });
      assert.match(stderr, new RegExp(`^error: [^\n]+ \\[${code}\\]\n[^\n]+\n$`));
    });
  }

  describe("when it fails again and again", () => {
    const failing = () => args().with(7, `${LAB_ROLE}2`);

    it("tells client-go once and repeats the exit status, without a second exchange", async () => {
      const first = await ask(failing());
      assert.match(first.stderr, /\[role-not-trusted\]/);
      for (let call = 0; call < 6; call += 1) {
        assert.deepEqual(await ask(failing()), { status: 5, stdout: "", stderr: "" });
      }
      assert.equal(exchanges(), 1);
    });

    it("tries each time for a script, which says nothing of what it wants", async () => {
      const env = { KUBERNETES_EXEC_INFO: undefined };
      const first = await ask(failing(), { env });
      assert.deepEqual(await ask(failing(), { env }), first);
      assert.equal(exchanges(), 2);
    });

    it("tries again for another process", async () => {
      await ask(failing());
      assert.match((await ask(failing(), { parentId: 101 })).stderr, /\[role-not-trusted\]/);
      assert.equal(exchanges(), 2);
    });

    it("tries again after five seconds", async () => {
      await ask(failing());
      desk.advance(5000);
      assert.match((await ask(failing())).stderr, /\[role-not-trusted\]/);
    });

    it("tries again as soon as somebody has logged in", async () => {
      await desk.run(["logout"]);
      assert.equal((await ask(args())).status, 2);
      await desk.run(["login", "--pin-stdin", "--key-store", "file"], { stdin: LAB_PIN, terminal: "none" });
      assert.equal((await ask(args())).status, 0);
    });
  });

  describe("with --interactive in the kubeconfig", () => {
    const interactive = { KUBERNETES_EXEC_INFO: execInfo(V1, true) };

    beforeEach(async () => {
      await desk.run(["logout"]);
      desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
    });

    it("logs in at the terminal and answers", async () => {
      const terminal = scriptedTerminal([LAB_PIN]);
      const { status, stdout, stderr } = await ask(args(), { env: interactive, terminal });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.match(token(stdout), /^k8s-aws-v1\./);
      assert.equal(
        terminal.shown(),
        `kubectl needs a login to ${desk.lab.vouch.url} for cluster lab.\n` +
          "PIN of Yubico YubiKey 5 NFC (5.7.1): \nTouch your security key now (it blinks)…\n",
      );
      terminal.verify();
    });

    it("says who must log in where there is no terminal", async () => {
      const { status, stderr } = await ask(args(), { env: interactive, terminal: "none" });
      assert.equal(status, 2);
      assert.match(stderr, /^error: You are not logged in to \S+\. \[logged-out\]\n/);
    });

    it("does not open the terminal when kubectl is not interactive", async () => {
      assert.equal((await ask(args())).status, 2);
    });

    it("asks once and not again after a refused touch, until somebody logs in", async () => {
      desk.touch = "declined";
      const first = scriptedTerminal([LAB_PIN]);
      assert.equal((await ask(args(), { env: interactive, terminal: first })).status, 3);

      const second = scriptedTerminal();
      const { status, stderr } = await ask(args(), { env: interactive, terminal: second, parentId: 101 });
      assert.equal(status, 2);
      assert.match(
        stderr,
        /^error: You are not logged in, and at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S* the touch was declined; not prompting again\. \[session-expired\]\nRun `kubectl vouch login --server \S+` and touch your security key\.\n$/,
      );
      second.verify();
      assert.equal(second.shown(), "");

      desk.touch = "touched";
      await desk.run(["login", "--pin-stdin"], { stdin: LAB_PIN, terminal: "none" });
      await desk.run(["logout"]);
      const third = scriptedTerminal([LAB_PIN]);
      assert.equal((await ask(args(), { env: interactive, terminal: third, parentId: 102 })).status, 0);
      third.verify();
    });

    it("does not call a PIN that was cancelled a missing touch", async () => {
      const first = scriptedTerminal([{ does: "press Ctrl-C" }]);
      await ask(args(), { env: interactive, terminal: first });
      const { stderr } = await ask(args(), { env: interactive, terminal: scriptedTerminal(), parentId: 101 });
      assert.match(
        stderr,
        /at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S* the login was interrupted; not prompting again\./,
      );
    });

    it("asks again after a network that failed", async () => {
      desk.lab.vouch.faults.down = true;
      const first = scriptedTerminal();
      assert.equal((await ask(args(), { env: interactive, terminal: first })).status, 4);
      first.verify();
      desk.lab.vouch.faults.down = false;
      const second = scriptedTerminal([LAB_PIN]);
      assert.equal((await ask(args(), { env: interactive, terminal: second, parentId: 101 })).status, 0);
    });

    it("stops on Ctrl-C, and does not ask again", async () => {
      const first = scriptedTerminal([{ does: "press Ctrl-C" }]);
      assert.equal((await ask(args(), { env: interactive, terminal: first })).status, 130);
      const second = scriptedTerminal();
      const { status, stderr } = await ask(args(), { env: interactive, terminal: second });
      assert.equal(status, 2);
      assert.match(stderr, /not prompting again/);
      second.verify();
    });
  });
});
