/**
 * The main job with the real kubectl, started as a person starts it: login with a security key, setup, kubectl. Also the
 * contexts, files and words around it. Needs kubectl (fetched once) and the built program. Run by a step of CI of its
 * own: `mocha 'test/peers/control-plane/end-to-end*.peer.ts'`.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CONTEXT, succeeded } from "../../end-to-end/lab-person.ts";
import { accessPolicy } from "../../lab/aws/world.ts";
import { LAB_ROLE, LAB_USER } from "../../lab/lab.ts";
import { installBuiltProgram } from "../../lab/lab-program.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { changedKubeconfig } from "../kubectl/kubectl-config.ts";
import { describeKubectl, POD_NAMES } from "../kubectl/kubectl-lab.ts";

const USERNAME = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

/** Kept by hand, in a style that no program writes: comments, anchors, odd indentation, unknown fields. */
const OWN_KUBECONFIG = `# mine
apiVersion: v1
kind: Config
x-shared: &shared   # an anchor
    disable-compression: true
clusters:
  -   name: "office"   # the old one
      cluster:
          <<: *shared
          server:   'https://10.0.0.1:6443'
          insecure-skip-tls-verify: true
contexts:
  - context: {cluster: office, user: me, namespace: "team a"}
    name: office
current-context: office
users:
  - name: me
    user: {token: "s3cret"}
preferences: {}
`;

const SETUP = ["vouch", ...SETUP_WORDS];

describeKubectl("kubectl with a security key", (peer) => {
  const granted = { status: 0, stdout: POD_NAMES, stderr: "" };

  describe("from login to pods", () => {
    it("asks Vouch and AWS once, and then nobody", async () => {
      await peer().clearCache();
      const cold = await peer().during(() => peer().getPods());
      assert.deepEqual(cold.result, granted);
      assert.deepEqual(cold.traffic, {
        pluginRuns: 1,
        vouchRequests: 1,
        awsTokens: 1,
        exchanges: 1,
        awsCalls: 1,
      });
      const { aws } = peer().lab;
      aws.clearCalls();
      const warm = await peer().during(() => peer().getPods());
      assert.deepEqual(warm.result, granted);
      // The cluster's authenticator either: an API server remembers a token for ten seconds.
      assert.equal(aws.calls.length, 0);
      assert.deepEqual(warm.traffic, {
        pluginRuns: 1,
        vouchRequests: 0,
        awsTokens: 0,
        exchanges: 0,
        awsCalls: 0,
      });
    });

    it("is one person to AWS, to Kubernetes and to us", async () => {
      const review = await peer().kubectl(["--context", CONTEXT, "auth", "whoami", "-o", "json"]);
      const { userInfo } = (JSON.parse(succeeded(review)) as { status: { userInfo: object } }).status;
      const [session] = [...peer().lab.world.sessions.values()].slice(-1);
      const principalId = session?.userId.split(":")[0] ?? "";
      assert.deepEqual(userInfo, {
        username: USERNAME,
        uid: `aws-iam-authenticator:111122223333:${principalId}`,
        groups: ["system:authenticated"],
        extra: {
          accessKeyId: [session?.accessKeyId],
          arn: [session?.arn],
          canonicalArn: [LAB_ROLE],
          principalId: [principalId],
          sessionName: [LAB_USER],
          "sigs.k8s.io/aws-iam-authenticator/principalId": [principalId],
        },
      });
      const { stdout } = await peer().kubectl(["vouch", "whoami", "--context", CONTEXT, "-o", "json"]);
      const { kubernetes } = JSON.parse(stdout) as { kubernetes: { username: string } };
      assert.equal(kubernetes.username, USERNAME);
    });

    it("may what its access policy says, where it says so", async () => {
      const ask = async (...words: string[]) => peer().kubectl(["--context", CONTEXT, ...words]);
      assert.equal((await ask("auth", "can-i", "list", "pods")).stdout, "yes\n");
      assert.equal((await ask("auth", "can-i", "delete", "pods")).stdout, "no\n");
      assert.equal((await ask("auth", "can-i", "list", "pods", "-n", "payments")).stdout, "no\n");
      assert.deepEqual(await ask("get", "pods", "-n", "team-a"), {
        status: 0,
        stdout: "",
        stderr: "No resources found in team-a namespace.\n",
      });
      assert.deepEqual(await ask("get", "pods", "-n", "payments"), {
        status: 1,
        stdout: "",
        stderr: `Error from server (Forbidden): pods is forbidden: User "${USERNAME}" cannot list resource "pods" in API group "" in the namespace "payments"\n`,
      });
    });
  });

  it("serves helm, which asks once as well", async () => {
    const { entry } = peer().lab;
    entry.policies.push(accessPolicy("AmazonEKSClusterAdminPolicy"));
    const helm = path.join(path.dirname(peer().program), "helm");
    const { result, traffic } = await peer().during(() =>
      peer().run([helm, "--kube-context", CONTEXT, "list", "--short"]),
    );
    entry.policies.pop();
    assert.deepEqual(result, { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(traffic, { pluginRuns: 1, vouchRequests: 0, awsTokens: 0, exchanges: 0, awsCalls: 0 });
  });

  describe("contexts", () => {
    const other = () => {
      const file = path.join(peer().folder, "other.yaml");
      fs.writeFileSync(file, OWN_KUBECONFIG, { mode: 0o600 });
      return file;
    };
    const ours = () => changedKubeconfig(peer(), "ours.json", () => undefined);

    it("are found in the second file of KUBECONFIG", async () => {
      const env = { KUBECONFIG: `${other()}:${ours()}` };
      assert.equal((await peer().kubectl(["config", "current-context"], { env })).stdout, "office\n");
      assert.deepEqual(await peer().getPods({ env }), granted);
    });

    it("may be the current one, chosen by kubectl, and keep their namespace", async () => {
      const env = { KUBECONFIG: ours() };
      succeeded(await peer().kubectl(["config", "use-context", CONTEXT], { env }));
      succeeded(
        await peer().kubectl(["config", "set-context", "--current", "--namespace", "payments"], { env }),
      );
      const { stderr } = await peer().kubectl(["get", "pods"], { env });
      assert.match(stderr, /cannot list resource "pods" in API group "" in the namespace "payments"\n$/);
      assert.deepEqual(
        await peer().kubectl(["get", "pods", "-n", "default", "-o", "name"], { env }),
        granted,
      );
    });

    it("that kubectl has rewritten are still as setup wants them", async () => {
      const env = { KUBECONFIG: ours() };
      succeeded(await peer().kubectl(["config", "set-context", "another"], { env }));
      const before = fs.readFileSync(env.KUBECONFIG);
      const { status, stderr } = await peer().kubectl(SETUP, { env });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Context lab-vouch was already up to date: /m);
      assert.deepEqual(fs.readFileSync(env.KUBECONFIG), before);
    });

    it("are called as setup is told, next to those that are there", async () => {
      const env = { KUBECONFIG: other() };
      succeeded(
        await peer().kubectl([...SETUP, "--context-name", "{cluster}-of-{region}", "-n", "team-a"], { env }),
      );
      const { stdout } = await peer().kubectl(["config", "get-contexts", "-o", "name"], { env });
      assert.equal(stdout, "lab-of-us-east-1\noffice\n");
      const { stderr } = await peer().kubectl(["--context", "lab-of-us-east-1", "get", "pods"], { env });
      assert.equal(stderr, "No resources found in team-a namespace.\n");
    });
  });

  describe("a kubeconfig kept by hand", () => {
    for (const [name, text] of Object.entries({
      "with comments, anchors and odd indentation": OWN_KUBECONFIG,
      "with the line ends of Windows": OWN_KUBECONFIG.replaceAll("\n", "\r\n"),
    })) {
      it(`${name} survives setup, use and undo byte for byte`, async () => {
        const file = path.join(peer().folder, "kept.yaml");
        fs.writeFileSync(file, text, { mode: 0o600 });
        const env = { KUBECONFIG: file };
        succeeded(await peer().kubectl(SETUP, { env }));
        const written = fs.readFileSync(file, "utf8");
        for (const line of text.split("\n")) assert.ok(written.includes(line), line);

        assert.deepEqual(await peer().getPods({ env }), granted);
        succeeded(await peer().kubectl(["config", "view"], { env }));
        assert.equal(fs.readFileSync(file, "utf8"), written);

        succeeded(await peer().kubectl(["vouch", "setup", "eks", "--undo"], { env }));
        assert.equal(fs.readFileSync(file, "utf8"), text);
      });
    }
  });

  describe("kubectl vouch", () => {
    it("takes its flags after its name, and kubectl none before it", async () => {
      const { status, stdout } = await peer().kubectl(["vouch", "whoami", "--context", CONTEXT]);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Kubernetes: {2}${USERNAME}$`, "m"));
      const { stderr } = await peer().kubectl(["--context", CONTEXT, "vouch", "whoami"]);
      assert.equal(stderr, "Error: flags cannot be placed before plugin name: --context\n");
    });

    it("passes its exit status through", async () => {
      const statuses = [["status"], ["frobnicate"], ["whoami", "--context", "nowhere"]].map(
        async (words) => (await peer().kubectl(["vouch", ...words])).status,
      );
      assert.deepEqual(await Promise.all(statuses), [0, 64, 6]);
    });

    it("is listed by kubectl as a plugin", async () => {
      const { stdout } = await peer().kubectl(["plugin", "list", "--name-only"]);
      assert.ok(stdout.split("\n").includes("kubectl-vouch"), stdout);
    });
  });

  describe("the program that ships", () => {
    it("serves the same session, cold and warm", async () => {
      const binFolder = path.join(peer().folder, "built");
      installBuiltProgram(binFolder);
      const call = { env: { PATH: `${binFolder}:${peer().env["PATH"]}` } };
      await peer().clearCache();
      const cold = await peer().during(() => peer().getPods(call));
      assert.deepEqual(cold.result, granted);
      const expected = { pluginRuns: 0, vouchRequests: 1, awsTokens: 1, exchanges: 1, awsCalls: 1 };
      assert.deepEqual(cold.traffic, expected);
      const warm = await peer().during(() => peer().getPods(call));
      assert.deepEqual(warm.result, granted);
      assert.deepEqual(warm.traffic, {
        pluginRuns: 0,
        vouchRequests: 0,
        awsTokens: 0,
        exchanges: 0,
        awsCalls: 0,
      });
      const { result, traffic } = await peer().during(() => peer().getPods());
      assert.deepEqual(result, granted);
      assert.equal(traffic.exchanges, 0);
    });
  });
});
