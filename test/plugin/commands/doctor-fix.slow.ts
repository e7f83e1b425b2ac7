import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const CONTEXT = `${LAB_CLUSTER}-vouch`;
const FIX = ["doctor", "--context", CONTEXT, "--fix", "--yes"];

/** A context that setup wrote, with a comment that no repair may lose; nothing else is left to fix. */
async function setUp(desk: LabDesk): Promise<string> {
  desk.logIn();
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  assert.equal((await desk.run(["setup", "eks", ...cluster])).status, 0);
  assert.equal((await desk.run(["completion", "install"])).status, 0);
  return write(desk, `# ours\n${desk.read(".kube/config")}`);
}

function write(desk: LabDesk, text: string): string {
  desk.write(".kube/config", text);
  fs.chmodSync(desk.kubeconfig, 0o600);
  return text;
}

/** The text without the user entry, which is the last thing in the file that setup writes. */
function withoutUsers(text: string): string {
  return text.replace(/^users:\n(?:[- ].*\n)*/m, "users: []\n");
}

describe("kubectl vouch doctor --fix", () => {
  const desk = labDesk();

  /** What it says of the broken file, after which the file is right, and --undo makes it broken again. */
  async function mends({ broken, right }: { readonly broken: string; readonly right: string }) {
    assert.notEqual(broken, right);
    write(desk, broken);
    const { status, stdout, stderr } = await desk.run(FIX);
    assert.equal(desk.read(".kube/config"), right, stderr);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^To undo it: `kubectl vouch setup eks --undo`$/m);
    assert.equal((await desk.run(["setup", "eks", "--undo"])).status, 0);
    assert.equal(desk.read(".kube/config"), broken);
    return { stdout, stderr };
  }

  it("corrects the cluster's name in our exec block, for which it needs nobody's rights (K10)", async () => {
    const right = await setUp(desk);
    desk.lab.aws.faults.deny = ["eks:DescribeCluster"];
    const broken = right.replace(
      `- --cluster-name\n      - ${LAB_CLUSTER}\n`,
      "- --cluster-name\n      - prod\n",
    );
    const { stdout, stderr } = await mends({ broken, right });
    assert.match(stdout, /^✗ .*\(K10,\s/ms);
    assert.match(stderr, /^-\s+- prod\n\+\s+- lab$/m);
  });

  for (const format of ["json", "yaml"] as const)
    it(`prints as ${format} one report, that of what is so after it`, async () => {
      const right = await setUp(desk);
      for (const broken of [
        right.replace(`- --cluster-name\n      - ${LAB_CLUSTER}\n`, "- --cluster-name\n      - prod\n"),
        right.replace(/(server: https:\/\/127\.0\.0\.1):\d+/, "$1:1"),
      ]) {
        write(desk, broken);
        const { status, stdout, stderr } = await desk.run([...FIX, "-o", format]);
        assert.deepEqual([status, desk.read(".kube/config")], [0, right], stderr);
        assert.equal((parse(stdout) as { healthy: boolean }).healthy, true);
        assert.match(stderr, /^\+/m);
      }
    });

  it("puts back the user that our context names, as setup wrote it (K15)", async () => {
    const right = await setUp(desk);
    desk.lab.aws.faults.deny = ["eks:DescribeCluster"];
    const { stdout } = await mends({ broken: withoutUsers(right), right });
    assert.match(stdout, /^✗ .*\(K15,\s/ms);
  });

  it("puts back nothing that setup wrote into another kubeconfig (K15)", async () => {
    const right = await setUp(desk);
    const broken = desk.write("copied", withoutUsers(right));
    const { stdout } = await desk.run([...FIX, "--kubeconfig", broken]);
    assert.match(stdout, /^✗ .*\(K15,\s/ms);
    assert.equal(desk.read("copied"), withoutUsers(right));
  });

  it("writes the full path of a program that PATH does not have (K1), as those around it stay", async () => {
    const right = await setUp(desk);
    const program = desk.write(".local/bin/aws-stub", "#!/bin/sh\nexit 1\n");
    fs.chmodSync(program, 0o755);
    const broken = right.replace("command: kubectl-vouch\n", "command: aws-stub # by hand\n");
    write(desk, broken);
    const terminal = scriptedTerminal(["y"]);
    const { stdout } = await desk.run(["doctor", "--context", CONTEXT, "--fix"], { terminal });
    terminal.verify();
    assert.match(stdout, /^✗ .*\(K1,\s/ms);
    assert.match(terminal.shown(), new RegExp(`Set its full path: ${program}\\. Do it\\? `));
    assert.equal(desk.read(".kube/config"), broken.replace("command: aws-stub", `command: ${program}`));
    assert.equal((await desk.run(["setup", "eks", "--undo"])).status, 0);
    assert.equal(desk.read(".kube/config"), broken);
  });

  it("knows its own path where only that was typed", async () => {
    const right = await setUp(desk);
    const own = desk.write("tools/kubectl-vouch", "#!/bin/sh\nexit 1\n");
    fs.chmodSync(own, 0o755);
    const env = { PATH: path.join(desk.home, "empty") };
    write(desk, right);
    await desk.run(FIX, { env, startedAs: own });
    assert.match(desk.read(".kube/config"), new RegExp(`^ +command: ${own}$`, "m"));
  });

  it("changes nothing after a no, where a secret is in the arguments, and where what is to be written is not known", async () => {
    const right = await setUp(desk);
    const prod = right.replace(
      `- --cluster-name\n      - ${LAB_CLUSTER}\n`,
      "- --cluster-name\n      - prod\n",
    );
    const secret = prod.replace("      - --region\n", "      - --token=canary-secret\n      - --region\n");
    const nowhere = right.replace("command: kubectl-vouch\n", "command: no-such-program\n");
    const args = ["doctor", "--context", CONTEXT, "--fix"];
    for (const [broken, terminal] of [
      [prod, scriptedTerminal(["n"])],
      [secret, scriptedTerminal([])],
      [nowhere, scriptedTerminal([])],
    ] as const) {
      write(desk, broken);
      const { status } = await desk.run(args, { terminal });
      terminal.verify();
      assert.deepEqual([status, desk.read(".kube/config")], [79, broken]);
    }
  });

  it("takes --yes for nothing else", async () => {
    const { status, stderr } = await desk.run(["doctor", "--yes"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: --yes has an effect only with --fix\. \[usage\]$/m);
  });
});
