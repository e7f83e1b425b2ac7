import assert from "node:assert/strict";
import fs from "node:fs";
import { parse, stringify } from "yaml";
import { LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tokenUser } from "../../support/token-user.ts";

const ID = "0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10";
const OTHER_ID = "11111111-7b6f-4a57-9d53-6a2b8f5f9a10";

interface Kubeconfig {
  readonly users: { readonly name: string; readonly user: { readonly exec: { readonly args: string[] } } }[];
}

suiteOnPosix("lab", "a local cluster on an Outpost", () => {
  const desk = labDesk();
  beforeEach(() => {
    desk.lab.cluster.outpostId = ID;
    desk.logIn();
  });
  const argsOf = (user = 0) =>
    (parse(fs.readFileSync(desk.kubeconfig, "utf8")) as Kubeconfig).users[user]?.user.exec.args ?? [];
  const setup = (...more: readonly string[]) => desk.run([...SETUP_WORDS, ...more]);
  const tokenOf = async (args: readonly string[]) => {
    const { status, stdout, stderr } = await desk.run(args, { answersSecret: true });
    assert.equal(status, 0, stderr);
    return (JSON.parse(stdout) as { status: { token: string } }).status.token;
  };
  const byName = (args: readonly string[]) => args.filter((word) => word !== "--cluster-id" && word !== ID);

  it("is set up with its ID, for which tokens are signed, also by whoami and the doctor", async () => {
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Works: you are .+ in cluster lab\.$/m);
    assert.deepEqual(argsOf().slice(2, 8), [
      ...["--cluster-name", LAB_CLUSTER, "--cluster-id", ID, "--region", LAB_REGION],
    ]);
    const token = await tokenOf(argsOf());
    assert.match(await tokenUser(desk.lab, token), /ada-example\.com$/);
    const other = await tokenOf(byName(argsOf()));
    assert.notEqual(other, token);
    await assert.rejects(tokenUser(desk.lab, other), /401 Unauthorized/);
    assert.equal((await desk.run(["whoami"])).status, 0);
    assert.equal((await desk.run(["doctor"])).status, 0);
  });

  it("gets its ID into an entry that has none, and is named by its context's name again", async () => {
    await setup();
    desk.write(".kube/config", desk.read(".kube/config").replaceAll(/.*(?:--cluster-id|0c3a5e1e.*)\n/g, ""));
    assert.equal(argsOf().includes("--cluster-id"), false);
    const { stderr } = await setup();
    assert.match(stderr, /^Context lab-vouch updated: /m);
    assert.equal(argsOf()[5], ID);
  });

  for (const [id, isLocal, says] of [
    ["lab", true, /"lab" is not a valid ID of a local cluster on an Outpost/],
    [OTHER_ID, true, new RegExp(`--cluster-id ${OTHER_ID} is wrong for cluster lab: its ID is ${ID}\\.`)],
    [ID, false, /is wrong for cluster lab: it is not a local cluster on an Outpost\./],
  ] as const)
    it(`refuses another ID: ${says.source}`, async () => {
      if (!isLocal) delete desk.lab.cluster.outpostId;
      const { stderr } = await setup("--cluster-id", id);
      assert.match(stderr, says);
      assert.equal(fs.existsSync(desk.kubeconfig), false);
    });

  it("keeps its tokens from other API servers, whatever name is asked for", async () => {
    await setup();
    const call = (cluster: object, args = argsOf()) =>
      desk.run(args, {
        env: {
          KUBERNETES_EXEC_INFO: JSON.stringify({
            apiVersion: "client.authentication.k8s.io/v1",
            kind: "ExecCredential",
            spec: { interactive: false, cluster },
          }),
        },
        answersSecret: true,
      });
    const evil = { server: "https://evil.example.com", "certificate-authority-data": "AA==" };
    for (const name of [LAB_CLUSTER, "another"]) {
      const args = argsOf().map((word) => (word === LAB_CLUSTER ? name : word));
      const { status, stderr } = await call(evil, args);
      assert.equal(status, 6, stderr);
      assert.match(
        stderr,
        new RegExp(`No token for cluster ${name} .*the client calls evil\\.example\\.com`),
      );
    }
    const { endpoint, certificateAuthority } = desk.lab.cluster;
    const own = {
      server: endpoint,
      "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
    };
    assert.equal((await call(own)).status, 0);
  });

  it("is diagnosed as any other, if its ID is in the entry", async () => {
    await setup();
    desk.lab.cluster.accessEntries.clear();
    const { stdout } = await desk.run(["doctor", "--context", "lab-vouch"]);
    assert.match(
      stdout,
      /1\. Cluster lab does not have an access entry or aws-auth mapping for role\s+VouchDeveloper\. \(E1\)/,
    );
    assert.doesNotMatch(stdout, /K10|K12/);
  });

  it("is taken over from the AWS CLI by its ID", async () => {
    const keys = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
    desk.write(".aws/config", `[profile base]\nregion = ${LAB_REGION}\n${keys}`);
    const theirs = (id: string) => ({
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args: [
          ...["--region", LAB_REGION, "eks", "get-token", "--cluster-id", id, "--output", "json"],
          ...["--profile", "base"],
        ],
      },
    });
    const ids = { right: ID, wrong: OTHER_ID };
    desk.write(
      ".kube/config",
      stringify({
        ...{ apiVersion: "v1", kind: "Config" },
        clusters: [{ name: "c", cluster: { server: desk.lab.cluster.endpoint } }],
        contexts: Object.keys(ids).map((name) => ({ name, context: { cluster: "c", user: name } })),
        users: Object.entries(ids).map(([name, id]) => ({ name, user: theirs(id) })),
      }),
    );
    const { stderr } = await setup("--migrate", "--in-place");
    assert.match(stderr, /^User right \(context right\) switched from aws to kubectl-vouch: /m);
    assert.match(
      stderr,
      new RegExp(`^User wrong .* stays with aws: it requests tokens for cluster "${OTHER_ID}"`, "m"),
    );
    assert.deepEqual(argsOf(0).slice(2), [
      ...["--cluster-name", LAB_CLUSTER, "--cluster-id", ID, "--region", LAB_REGION, "--profile", "base"],
    ]);
  });
});
