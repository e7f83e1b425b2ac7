import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import fs from "node:fs";
import { LAB_CLUSTER } from "../../../lab/lab.ts";
import { idleCommand } from "../../../support/idle-process.ts";
import { type DeskOptions, labDesk } from "../../../support/lab-desk.ts";
import { CREDENTIAL_WORDS, SETUP_WORDS } from "../../../support/lab-words.ts";
import { suiteOnPosix } from "../../../support/platform.ts";
import { scriptedTerminal } from "../../../support/scripted-terminal.ts";

const INFO = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1",
  spec: {},
});
const DELETE = ["kubectl", "delete", "pod", "x"];

suiteOnPosix("lab", "a protected context", () => {
  const desk = labDesk();
  const started: ChildProcess[] = [];

  beforeEach(() => desk.logIn());
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  /** The process of a client with these words. */
  const client = async (words: readonly string[]) => {
    const folder = fs.mkdtempSync(`${desk.home}/client-`);
    const child = await idleCommand(words, folder);
    started.push(child);
    return child.pid ?? assert.fail();
  };
  const ask = (parentId: number, { env, ...options }: DeskOptions = {}) =>
    desk.run([...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url, "--protected"], {
      ...{ parentId, answersSecret: true, ...options },
      env: { KUBERNETES_EXEC_INFO: INFO, ...env },
    });

  it("asks nobody about a kubectl that reads, also from the cache", async () => {
    const parentId = await client(["kubectl", "get", "pods"]);
    assert.deepEqual((await ask(parentId)).status, 0);
    assert.deepEqual((await ask(await client(["/usr/bin/kubectl", "logs", "-f", "web-0"]))).status, 0);
  });

  it("asks about one that changes something, once however often it calls, also after its token was refused", async () => {
    const parentId = await client(DELETE);
    const terminal = scriptedTerminal([LAB_CLUSTER]);
    const { status, stderr } = await ask(parentId, { terminal });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.equal(
      terminal.shown(),
      `kubectl delete pod x in its context (cluster lab): type the cluster's name to continue: lab\n`,
    );
    assert.equal((await ask(parentId, { terminal })).status, 0);
    desk.advance(20 * 60_000);
    assert.equal(
      (await ask(parentId, { terminal })).status,
      0,
      "a long-running one, whose token has expired",
    );
    terminal.verify();
  });

  it("asks anew about another process, and names the context", async () => {
    await desk.run([...SETUP_WORDS, "--protected"]);
    const terminal = scriptedTerminal([LAB_CLUSTER, LAB_CLUSTER]);
    await ask(await client(DELETE), { terminal });
    await ask(await client(["kubectl", "scale", "--context", "other", "deployment/web"]), { terminal });
    terminal.verify();
    assert.match(terminal.shown(), /^kubectl delete pod x in context lab-vouch \(cluster lab\): type /);
    assert.match(terminal.shown(), /\nkubectl scale --context other deployment\/web in context other \(/);
  });

  it("does not take a later process of the same number for the one that was confirmed", async () => {
    const parentId = await client(DELETE);
    await ask(parentId, { terminal: scriptedTerminal([LAB_CLUSTER]) });
    const [mark = ""] = fs
      .readdirSync(`${desk.home}/.local/state/kubectl-vouch/marks`)
      .filter((name) => name.startsWith("confirmed-"));
    const file = `${desk.home}/.local/state/kubectl-vouch/marks/${mark}`;
    assert.match(fs.readFileSync(file, "utf8"), /^\d+\n\d+$/);
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(/^\d/, "9$&"));
    const terminal = scriptedTerminal([LAB_CLUSTER]);
    assert.equal((await ask(parentId, { terminal })).status, 0);
    terminal.verify();
  });

  it("gives no token for another word, and asks once in a burst", async () => {
    const parentId = await client(DELETE);
    const terminal = scriptedTerminal(["y"]);
    const { status, stdout, stderr } = await ask(parentId, { terminal });
    assert.deepEqual({ status, stdout }, { status: 5, stdout: "" });
    assert.equal(
      stderr,
      "error: kubectl delete pod x: its context is protected, and the name of its cluster was not entered. [change-unconfirmed]\n" +
        "Run it in a terminal and enter the name, or confirm it: `env VOUCH_CONFIRM=lab kubectl delete pod x`\n",
    );
    assert.deepEqual(await ask(parentId, { terminal }), { status: 5, stdout: "", stderr: "" });
    terminal.verify();
  });

  it("says how to confirm where there is no terminal, and takes that", async () => {
    const parentId = await client(DELETE);
    const refused = await ask(parentId, { terminal: "none" });
    assert.equal(refused.status, 5);
    assert.match(refused.stderr, /is protected, and it cannot be confirmed without a terminal\. /);
    const other = await ask(parentId, { terminal: "none", env: { VOUCH_CONFIRM: "lab2" } });
    assert.equal(other.status, 5, "the name of another cluster");
    const confirmed = await ask(parentId, { terminal: "none", env: { VOUCH_CONFIRM: LAB_CLUSTER } });
    assert.deepEqual([confirmed.status, confirmed.stderr], [0, ""]);
  });

  it("does not tell an AI agent how to confirm", async () => {
    const { status, stderr } = await ask(await client(DELETE), {
      terminal: "none",
      env: { CLAUDECODE: "1" },
    });
    assert.equal(status, 5);
    assert.match(stderr, /\nThe user must run this command: an AI agent must not confirm it\.\n$/);
  });

  it("does not show a secret of the command", async () => {
    const words = ["kubectl", "create", "secret", "generic", "x", "--from-literal=password=hunter2hunter2"];
    const { stderr } = await ask(await client(words), { terminal: "none" });
    assert.doesNotMatch(stderr, /hunter2/);
    assert.match(stderr, /^error: kubectl create secret generic x --from-literal=password=/);
    assert.match(
      stderr,
      /\nRun it in a terminal and enter the name, or set VOUCH_CONFIRM=lab for this one command\.\n$/,
    );
  });

  it("shows the command in one line, which cannot look like another question", async () => {
    const words = ["kubectl", "annotate", "pod", "a=b\nkubectl get pods in context dev (cluster dev)"];
    const terminal = scriptedTerminal([LAB_CLUSTER]);
    assert.equal((await ask(await client(words), { terminal })).status, 0);
    assert.match(
      terminal.shown(),
      /^kubectl annotate pod a=b\\u000akubectl get pods in context dev \(cluster dev\) in its context \(/,
    );
    const { stderr } = await ask(await client(words), { terminal: "none" });
    assert.match(stderr, /^error: kubectl annotate pod a=b\\u000akubectl get .* is protected, and /);
  });

  it("says how much of a long command it does not show", async () => {
    const terminal = scriptedTerminal([LAB_CLUSTER]);
    await ask(await client(["kubectl", "delete", "pod", "x".repeat(250)]), { terminal });
    assert.match(terminal.shown(), /^kubectl delete pod x{181}… \(69 more characters\) in its context /);
  });

  for (const words of [
    ["k9s", "start"],
    ["/usr/local/bin/helm", "list"],
    ["kubectl-tree", "get"],
  ])
    it(`asks about ${words[0]}, which is not kubectl, by its name alone`, async () => {
      const terminal = scriptedTerminal([LAB_CLUSTER]);
      assert.equal((await ask(await client(words), { terminal })).status, 0);
      const name = words[0]?.split("/").at(-1);
      assert.match(terminal.shown(), new RegExp(`^${name} in its context \\(cluster lab\\): `));
    });

  it("asks about a program whose words cannot be read", async () => {
    const gone = started.length + 2 ** 22 + 1;
    const terminal = scriptedTerminal([LAB_CLUSTER]);
    assert.equal((await ask(gone, { terminal })).status, 0);
    assert.match(terminal.shown(), /^a program that cannot be identified in its context /);
    assert.equal((await ask(gone, { terminal })).status, 0, "the same burst");
    desk.advance(6000);
    assert.equal((await ask(gone, { terminal: "none" })).status, 5);
  });

  it("does not keep the doctor from reading", async () => {
    await desk.run([...SETUP_WORDS, "--protected"]);
    const { status, stdout } = await desk.run(["doctor", "--context", "lab-vouch"], { terminal: "none" });
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /protected/);
  });
});
