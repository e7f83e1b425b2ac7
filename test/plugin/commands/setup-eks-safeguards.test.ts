import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { ourFolders } from "../../../token/files/folders.ts";
import { findClusterRecord } from "../../../token/mint/cluster-records.ts";
import { addAgentRole } from "../../lab/agent-role.ts";
import { accessPolicy, addEntry, addRole, chainTrust, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type DeskOptions, labDeskAtRest } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tokenUser } from "../../support/token-user.ts";

const AGENT = { CLAUDECODE: "1" };
const INFO = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1",
  spec: {},
});

suiteOnPosix("lab", "kubectl vouch setup eks with safeguards", () => {
  const desk = labDeskAtRest();
  let reader = "";

  beforeEach(() => {
    desk.logIn();
    reader = addAgentRole(desk.lab);
  });

  const setUp = (...flags: string[]) => desk.run([...SETUP_WORDS, ...flags]);
  const args = () => {
    const { users } = parse(desk.read(".kube/config")) as { users: { user: { exec: { args: string[] } } }[] };
    return users.map(({ user }) => user.exec.args);
  };
  const behind = () =>
    args().map((words) => words.slice(words.findIndex((word) => /agent|protected/.test(word))));
  /** As kubectl runs it; each time from another process. */
  let parentId = 1000;
  const token = async (options: DeskOptions = {}) => {
    parentId += 1;
    const { status, stdout, stderr } = await desk.run(args()[0] ?? [], {
      ...{ parentId, answersSecret: true, ...options },
      env: { KUBERNETES_EXEC_INFO: INFO, ...options.env },
    });
    return status === 0 ? tokenUser(desk.lab, JSON.parse(stdout).status.token as string) : stderr;
  };
  const ofDeveloper = /:assumed-role\/VouchDeveloper\/ada-example\.com$/;
  const ofReader = /:assumed-role\/VouchReader\/ada-example\.com$/;

  it("writes the role of AI agents, and checks both identities", async () => {
    const { status, stderr } = await setUp("--agent-role", reader);
    assert.equal(status, 0, stderr);
    assert.deepEqual(behind(), [["--agent-role", reader]]);
    const [, ...lines] = stderr.split(/^Context lab-vouch added: .*\n/m);
    const text = lines.join("");
    assert.match(text, new RegExp(`^  \\(AI agents get ${reader} instead; an agent that hides `));
    assert.match(text, /^Works: you are \S+assumed-role\/VouchDeveloper\/\S+ in cluster lab\.\n/m);
    assert.match(text, /^Works: AI agents are \S+assumed-role\/VouchReader\/\S+ in cluster lab\.\n/m);
  });

  it("gives agent and user their own roles, and neither the other's cached token", async () => {
    await setUp("--agent-role", reader);
    for (const _ of [1, 2]) {
      assert.match(await token(), ofDeveloper);
      assert.match(await token({ env: AGENT }), ofReader);
      assert.match(await token({ env: { GEMINI_CLI: "1" } }), ofReader);
    }
    await desk.run(["cache", "clear"]);
    assert.match(await token({ env: AGENT }), ofReader, "the agent first");
    assert.match(await token(), ofDeveloper);
  });

  it("gives an agent no token if its role cannot be assumed, although the user's is cached", async () => {
    const other = addRole(desk.lab.world, { name: "Closed" }).arn;
    const { status, stderr } = await setUp("--agent-role", other);
    assert.equal(status, 0);
    assert.match(stderr, /^Works: you are /m);
    assert.match(stderr, /^warning: No token for context lab-vouch for AI agents: .*role\/Closed/m);
    assert.match(await token(), ofDeveloper);
    assert.match(await token({ env: AGENT }), /^error: .*role\/Closed.* \[role-not-trusted\]\n/);
  });

  it("does not show an entry as protected that asks nobody, and makes it ask", async () => {
    const isShown = async () => /\(protected\)/.test((await desk.run(["status"])).stdout);
    await setUp("--protected");
    assert.equal(await isShown(), true);
    const written = desk.read(".kube/config");
    for (const [from, to] of [
      ["- --protected\n", "- --protected\n      - --protected=false\n"],
      ["- --protected\n", '- "--"\n      - --protected\n'],
      ["      command:", `      env:\n      - {name: VOUCH_CONFIRM, value: ${LAB_CLUSTER}}\n      command:`],
    ] as const) {
      assert.ok(written.includes(from));
      desk.write(".kube/config", written.replace(from, to));
      assert.equal(await isShown(), false, to);
    }
    await setUp();
    assert.equal(await isShown(), true);
    assert.doesNotMatch(desk.read(".kube/config"), /VOUCH_CONFIRM/);
  });

  it("says an agent's own identity to an agent: in whoami, and as setup's check", async () => {
    const { stderr } = await desk.run([...SETUP_WORDS, "--agent-role", reader], { env: AGENT });
    assert.match(stderr, /^Works: AI agents are \S+VouchReader\//m);
    assert.doesNotMatch(stderr, /^Works: you are|^warning/m);
    const { stdout } = await desk.run(["whoami"], { env: AGENT });
    assert.match(stdout, /^AI agent: {4}claude-code\nAWS: .*assumed-role\/VouchReader\//m);
    const { aws } = JSON.parse((await desk.run(["whoami", "-o", "json"], { env: AGENT })).stdout);
    assert.deepEqual([aws.agent, aws.role], ["claude-code", reader]);
    assert.match(
      (await desk.run(["whoami"])).stdout,
      /^Vouch user: .*\nAWS: .*assumed-role\/VouchDeveloper\//,
    );
  });

  it("is judged by the doctor as kubectl calls it then, and says so", async () => {
    await setUp("--agent-role", reader);
    const { stdout } = await desk.run(["doctor", "--context", "lab-vouch"], { env: AGENT, terminal: "none" });
    assert.match(
      stdout,
      /claude-code runs this command, so it gets role VouchReader, the context's role\s+for AI agents/,
    );
    assert.match(stdout, /VouchReader\/ada/);
    assert.doesNotMatch(stdout, /assumed-role\/VouchDeveloper/);
    const own = await desk.run(["doctor", "--context", "lab-vouch"], { terminal: "none" });
    assert.doesNotMatch(own.stdout, /VouchReader/);
  });

  it("stays with later setups until it is removed", async () => {
    await setUp("--agent-role", reader, "--protected");
    assert.deepEqual(behind(), [["--agent-role", reader, "--protected"]]);
    const again = await setUp();
    assert.match(again.stderr, /^Context lab-vouch was already up to date/m);
    await setUp("--interactive", "--namespace", "web");
    assert.deepEqual(behind(), [["--agent-role", reader, "--protected"]]);
    const { stdout } = await setUp("--protected=false", "--diff");
    assert.match(stdout, /^-\s+- --protected$/m);
    assert.deepEqual(behind(), [["--agent-role", reader]]);
    await setUp("--agent-role", "none");
    assert.deepEqual(args()[0]?.slice(-2), ["--server", desk.lab.vouch.url]);
  });

  it("is told to programs, and by status", async () => {
    const { stdout } = await setUp("--agent-role", reader, "--protected", "-o", "json");
    const { contexts, token: ofUser, agentToken } = JSON.parse(stdout);
    assert.deepEqual([contexts[0].agentRole, contexts[0].protected], [reader, true]);
    assert.match(ofUser.cluster.username, ofDeveloper);
    assert.match(agentToken.cluster.username, ofReader);
    const status = JSON.parse((await desk.run(["status", "-o", "json"])).stdout);
    assert.deepEqual([status.contexts[0].agentRole, status.contexts[0].protected], [reader, true]);
    assert.match(
      (await desk.run(["status"])).stdout,
      new RegExp(
        `lab-vouch \\(current\\): lab in \\S+ as ${LAB_ROLE} \\(AI agents: ${reader}\\) \\(protected\\)\n`,
      ),
    );
  });

  it("says in its report that it is no boundary", async () => {
    const { stderr } = await setUp("--protected");
    assert.match(stderr, /^ {2}\(protected: kubectl asks before .* is not a security boundary\)$/m);
  });

  it("refuses a role that is none, or of another partition, before it writes", async () => {
    for (const [role, code] of [
      ["reader", "role-arn-invalid"],
      ["arn:aws-cn:iam::111122223333:role/reader", "partition-mismatch"],
    ] as const) {
      const { status, stderr } = await setUp("--agent-role", role);
      assert.equal(status, 6);
      assert.match(stderr, new RegExp(`\\[${code}\\]`));
    }
    assert.ok(!fs.existsSync(desk.kubeconfig));
  });

  it("records the cluster for the account of the agents' role, too, and forgets it with the context", async () => {
    const account = "444455556666";
    const there = addRole(desk.lab.world, { name: "Away", account }).arn;
    await setUp("--agent-role", there);
    const { state } = ourFolders({ env: {}, platform: "linux", homeDir: desk.home });
    const record = () => findClusterRecord(state, { cluster: LAB_CLUSTER, region: LAB_REGION, account });
    assert.equal(record()?.host, new URL(desk.lab.cluster.endpoint).hostname);
    await desk.run(["setup", "eks", "--undo"]);
    assert.equal(record(), undefined);
  });

  it("works for an AWS profile: its credentials assume the role of AI agents", async () => {
    const admin = "arn:aws:iam::111122223333:user/lab-admin";
    const role = addRole(desk.lab.world, { name: "ProfileReader", trust: [chainTrust(admin)] });
    addEntry(desk.lab.cluster, role, { policies: [accessPolicy("AmazonEKSViewPolicy")] });
    addEntry(desk.lab.cluster, desk.lab.world.users.get(admin) ?? assert.fail());
    const keys = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
    desk.write(".aws/config", `[profile base]\nregion = ${LAB_REGION}\n${keys}`);
    const words = ["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "base"];
    const { stderr } = await desk.run([...words, "--agent-role", role.arn], { env: AGENT });
    assert.doesNotMatch(stderr, /^warning: An AI agent/m, "nothing to warn of");
    assert.match(stderr, /^Works: AI agents are \S+assumed-role\/ProfileReader\//m);
    assert.match(await token({ env: AGENT }), /assumed-role\/ProfileReader\//);
    assert.doesNotMatch(await token(), /ProfileReader/);
    assert.match(await token({ env: AGENT }), /assumed-role\/ProfileReader\//);
    const later = await desk.run(words, { env: AGENT });
    assert.doesNotMatch(later.stderr, /^warning: An AI agent/m, "a role that was set up before");
  });
});
