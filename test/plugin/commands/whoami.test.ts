import assert from "node:assert/strict";
import { addEntry } from "../../lab/aws/world.ts";
import type { KubeServer } from "../../lab/kube/kube-server.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch whoami", () => {
  const desk = labDeskAtRest();
  const ARN = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada@example.com";
  const server = (): KubeServer => {
    const found = desk.lab.kube.get(desk.lab.cluster.arn);
    assert.ok(found);
    return found;
  };
  const setUp = (...flags: string[]) => desk.run([...SETUP_WORDS, ...flags]);
  const whoami = (...flags: string[]) => desk.run(["whoami", "--context", "lab-vouch", ...flags]);

  beforeEach(async () => {
    desk.logIn();
    assert.equal((await setUp()).status, 0);
  });

  it("says who one is to AWS and to the cluster", async () => {
    const { status, stdout } = await whoami();
    assert.equal(status, 0);
    assert.equal(
      stdout,
      "Vouch user:  ada@example.com\n" +
        `AWS:         ${ARN}\n` +
        `Kubernetes:  ${ARN.replace("@", "-")}\n` +
        "  groups:    system:authenticated\n" +
        "Context:     lab-vouch, token valid for 14 min\n",
    );
  });

  it("shows a matrix of verbs with --can", async () => {
    const { status, stdout } = await whoami("--can");
    assert.equal(status, 0);
    const [, matrix] = stdout.split("\n\n");
    assert.equal(
      matrix,
      "In namespace default (namespaces and nodes: cluster-wide):\n" +
        "RESOURCE          GET  LIST  CREATE  UPDATE  DELETE\n" +
        "pods              yes  yes   -       -       -\n" +
        "deployments.apps  yes  yes   -       -       -\n" +
        "services          yes  yes   -       -       -\n" +
        "configmaps        yes  yes   -       -       -\n" +
        "secrets           -    -     -       -       -\n" +
        "namespaces        -    -     -       -       -\n" +
        "nodes             -    -     -       -       -\n",
    );
  });

  it("asks about the namespace of -n, else of the context", async () => {
    const rows = async (...flags: string[]) => (await whoami("--can", ...flags)).stdout;
    assert.match(await rows("-npayments"), /^In namespace payments .*\n.*\npods {14}- {4}- /m);
    assert.match(await rows("-n", "team-a"), /^In namespace team-a .*\n.*\npods {14}yes /m);
    await setUp("--namespace", "team-a");
    assert.match(await rows(), /^In namespace team-a /m);
  });

  it("asks about all namespaces with -A, whatever namespace is named", async () => {
    const { stdout } = await whoami("-A", "--can", "-n", "payments");
    assert.match(stdout, /\n\nIn all namespaces:\nRESOURCE .*\npods {14}- {4}- {5}- /);
    const { namespace, allNamespaces } = JSON.parse((await whoami("-Aojson", "--can")).stdout);
    assert.deepEqual({ namespace, allNamespaces }, { namespace: undefined, allNamespaces: true });
  });

  it("says more with -o wide", async () => {
    const { status, stdout } = await whoami("-owide");
    assert.equal(status, 0);
    const [short, more] = [(await whoami()).stdout, stdout];
    assert.ok(more.startsWith(short.replace(/\d+ min\n$/, "")), more);
    assert.match(
      more.slice(short.length),
      new RegExp(
        `^Account: {5}111122223333\nUser ID: {5}AROA[A-Z0-9]{17}:ada@example\\.com\nRole: {8}${LAB_ROLE}\nCluster: {5}${LAB_CLUSTER} in ${LAB_REGION}, at https://127\\.0\\.0\\.1:\\d+\nVouch: {7}${desk.lab.vouch.url}\nToken: {7}until (?:\\S+ )?\\d\\d:\\d\\d UTC\\S*\n$`,
      ),
    );
    assert.match((await whoami("-owide", "--can")).stdout, /\nToken: .*\n\nIn namespace default /);
  });

  it("prints one object for programs", async () => {
    const { status, stdout } = await whoami("--can", "-o", "json");
    assert.equal(status, 0);
    const { tokenExpires, can, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    assert.match(String(tokenExpires), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual((can as object[])[0], { resource: "pods", group: "", allowed: ["get", "list"] });
    assert.equal((can as object[]).length, 7);
    const { aws, ...others } = rest as { aws: Record<string, unknown> };
    assert.deepEqual(others, {
      apiVersion: "vouch.kubectl/v1",
      kind: "Whoami",
      context: "lab-vouch",
      kubernetes: { username: ARN.replace("@", "-"), groups: ["system:authenticated"] },
      namespace: "default",
    });
    const { userId, ...identity } = aws;
    assert.match(String(userId), /^AROA[A-Z0-9]{17}:ada@example\.com$/);
    assert.deepEqual(identity, {
      arn: ARN,
      account: "111122223333",
      role: LAB_ROLE,
      via: [],
      identity: "ada@example.com",
    });
  });

  it("names the roles it went through", async () => {
    const [via, role] = ["VouchManagement", "VouchSpoke"].map(
      (name) => `arn:aws:iam::111122223333:role/${name}`,
    );
    const flags = ["--role", role ?? "", "--via", via ?? "", "--context-name", "spoke"];
    await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, ...flags]);
    const spoke = desk.lab.world.roles.get(role ?? "");
    assert.ok(spoke);
    addEntry(desk.lab.cluster, spoke);
    const { status, stdout } = await desk.run(["whoami", "--context", "spoke"]);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^AWS: {9}\S+\/VouchSpoke\/ada@example\.com\n {2}through: {3}\S+:role\/VouchManagement\n/m,
    );
  });

  it("takes the current context when none is named", async () => {
    assert.match(desk.read(".kube/config"), /^current-context: lab-vouch$/m);
    assert.equal((await desk.run(["whoami"])).status, 0);
    desk.write(".kube/config", desk.read(".kube/config").replace(/^current-context: .*$/m, ""));
    assert.equal((await desk.run(["whoami"])).status, 6);
  });

  it("reads the file that --kubeconfig names", async () => {
    const file = desk.write("elsewhere", desk.read(".kube/config"));
    desk.write(".kube/config", "");
    assert.equal((await whoami("--kubeconfig", file)).status, 0);
    assert.equal((await whoami()).status, 6);
  });

  it("says that the cluster does not know one, and whom to ask", async () => {
    desk.lab.cluster.accessEntries.clear();
    const { status, stdout, stderr } = await whoami();
    assert.deepEqual({ status, stdout }, { status: 5, stdout: "" });
    assert.match(
      stderr,
      /^error: The API server https:\/\/127\.0\.0\.1:\d+ does not accept your identity \(401 Unauthorized\)\. \[permission-denied\]\nFor the reason and the fix: `kubectl vouch doctor --context lab-vouch`$/m,
    );
  });

  it("says that the API server gives no answer", async () => {
    server().faults.down = true;
    const { status, stderr } = await whoami();
    assert.equal(status, 4);
    assert.match(
      stderr,
      /error: Cannot reach the API server https:\/\/127\.0\.0\.1:\d+: .+\. \[server-unreachable\]\n/,
    );
    assert.doesNotMatch(stderr, /\[object|undefined/);
  });

  it("does not trust an API server with another certificate", async () => {
    server().faults.certificate = "unknown-authority";
    const { status, stderr } = await whoami();
    assert.equal(status, 4);
    assert.match(stderr, /\[server-un(trusted|reachable)\]\n/);
  });

  it("says that AWS gives no answer", async () => {
    await desk.run(["cache", "clear"]);
    desk.lab.aws.faults.down = true;
    const { status, stderr } = await whoami();
    assert.equal(status, 4);
    assert.match(stderr, /\[aws-unreachable\]\n/);
  });

  it("says that nobody is logged in", async () => {
    desk.lab.vouch.faults.down = true;
    await desk.run(["logout"]);
    const { status, stderr } = await whoami();
    assert.equal(status, 2);
    assert.match(stderr, /\[logged-out\]\nRun `kubectl vouch login --server /);
  });

  const contexts: Record<string, [string[], RegExp]> = {
    "no context is named": [[], /No context specified, and the kubeconfig does not set a current context\./],
    "the context does not exist": [["--context", "nowhere"], /Context nowhere not found in the kubeconfig\./],
    "the context is not ours": [
      ["--context", "foreign"],
      /Context foreign does not get its credentials from kubectl-vouch\./,
    ],
    "the context names no role": [
      ["--context", "bare"],
      /The user entry of context bare does not specify a region\./,
    ],
    "the context's cluster is missing": [
      ["--context", "lost"],
      /Cluster gone of context lost does not have a server\./,
    ],
  };
  for (const [what, [flags, words]] of Object.entries(contexts)) {
    it(`says so when ${what}`, async () => {
      desk.write(
        ".kube/config",
        `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "${desk.lab.cluster.endpoint}"}}]
contexts:
- {name: foreign, context: {cluster: c, user: foreign}}
- {name: bare, context: {cluster: c, user: bare}}
- {name: lost, context: {cluster: gone, user: whole}}
users:
- {name: foreign, user: {token: x}}
- {name: bare, user: {exec: {command: kubectl-vouch, args: [credential, eks, --cluster-name, lab]}}}
- {name: whole, user: {exec: {command: kubectl-vouch, args: [credential, eks, --cluster-name, lab, --region, us-east-1, --role, "${LAB_ROLE}"]}}}
`,
      );
      const { status, stdout, stderr } = await desk.run(["whoami", ...flags]);
      assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
      assert.match(stderr, words);
      assert.match(stderr, /\[context-missing\]\n/);
    });
  }

  it("says what it waits for, when it takes long", async () => {
    server().faults.slowMs = 250;
    const words = ["whoami", "--context", "lab-vouch"];
    const { status, stdout, stderr } = await desk.run(words, { showsProgress: true });
    assert.equal(status, 0);
    assert.equal(stderr, "Contacting AWS and cluster lab…\n");
    assert.doesNotMatch(stdout, /Asking/);
  });
});
