import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../lab/lab.ts";
import { type DeskOptions, labDesk } from "../support/lab-desk.ts";
import { suiteOnPosix } from "../support/platform.ts";
import { scriptedTerminal } from "../support/scripted-terminal.ts";

const INFO = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1",
  spec: { interactive: true },
});

/** Nobody types it, so nothing that a kubeconfig says decides where it goes. */
suiteOnPosix("lab", "a login that kubectl begins", () => {
  const desk = labDesk();
  const RECORD = ".local/state/kubectl-vouch/servers.json";

  const ask = (options: DeskOptions = {}, server = ["--server", desk.lab.vouch.url]) => {
    const where = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
    const bare = { VOUCH_SERVER: undefined, VOUCH_CA_BUNDLE: undefined, AWS_CA_BUNDLE: undefined };
    return desk.run(["credential", "eks", ...where, ...server], {
      answersSecret: true,
      ...options,
      env: { ...bare, AWS_ENDPOINT_URL: undefined, ...options.env, KUBERNETES_EXEC_INFO: INFO },
    });
  };
  const loggedOut = async () => {
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    await desk.run(["logout"]);
    desk.lab.vouch.faults.down = false;
    desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
  };
  const requests = () => desk.lab.vouch.requests.length;
  const caFile = () => desk.lab.env["VOUCH_CA_BUNDLE"] ?? "";

  it("goes by what the last typed login settled, and keeps that for the session", async () => {
    await loggedOut();
    const terminal = scriptedTerminal([LAB_PIN]);
    const { status, stderr } = await ask({ terminal });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    terminal.verify();
  });

  it("ignores a variable that differs, and says so", async () => {
    await loggedOut();
    const other = desk.write("other.pem", fs.readFileSync(caFile(), "utf8"));
    const env = { VOUCH_CA_BUNDLE: other, AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" };
    const { status, stderr } = await ask({ env, terminal: scriptedTerminal([LAB_PIN]) });
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^kubectl-vouch: VOUCH_CA_BUNDLE=\S+other\.pem is ignored: login recorded \S+ca\.pem\.$/m,
    );
    assert.match(
      stderr,
      /^kubectl-vouch: AWS_ENDPOINT_URL_STS=http:\/\/127\.0\.0\.1:1 is ignored: login recorded /m,
    );
  });

  it("says it once per session and value", async () => {
    desk.logIn();
    const told = async (url: string, parentId: number) => {
      await desk.run(["cache", "clear"]);
      const { status, stderr } = await ask({ env: { AWS_ENDPOINT_URL_STS: url }, parentId });
      assert.equal(status, 0);
      return stderr.includes("AWS_ENDPOINT_URL_STS");
    };
    const urls = ["http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:1"];
    const said = [];
    for (const [index, url] of urls.entries()) said.push(await told(url, 300 + index));
    assert.deepEqual(said, [true, false, true, false]);
  });

  it("trusts the built-in roots alone at a server without a record", async () => {
    await loggedOut();
    fs.rmSync(path.join(desk.home, RECORD));
    const before = requests();
    const { status, stderr } = await ask({
      env: { VOUCH_CA_BUNDLE: caFile() },
      terminal: scriptedTerminal(),
    });
    assert.equal(status, 4);
    assert.match(stderr, /\[server-untrusted\]/);
    assert.equal(requests(), before);
  });

  it("trusts what the machine's own settings name there", async () => {
    await loggedOut();
    fs.rmSync(path.join(desk.home, RECORD));
    const file = desk.write(
      "etc/config.yaml",
      `vouchCaBundle: ${caFile()}\nawsCaBundle: ${caFile()}\nstsEndpoint: ${desk.lab.aws.url}\n`,
    );
    const systemConfig = { file, ownerId: process.getuid?.() ?? 0 };
    const { status, stderr } = await ask({ systemConfig, terminal: scriptedTerminal([LAB_PIN]) });
    assert.equal(status, 0, stderr);
  });

  it("keeps its secrets only where the last login did", async () => {
    for (const variable of ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"]) {
      await loggedOut();
      const folder = path.join(desk.home, "elsewhere");
      const before = requests();
      const { status, stderr } = await ask({ env: { [variable]: folder } });
      assert.equal(status, 2, stderr);
      assert.match(stderr, /not starting a login: HOME or an XDG variable points to a different folder/);
      assert.equal(requests(), before);
      assert.deepEqual(fs.existsSync(path.join(folder, "kubectl-vouch", "keys")), false);
    }
  });

  it("is not begun where the user database has no home for us", async () => {
    await loggedOut();
    assert.equal((await ask({ databaseHome: undefined })).status, 2);
  });

  it("goes to no server that only a variable names", async () => {
    for (const url of ["https://127.0.0.1:1", "http://127.0.0.1:1"])
      assert.equal((await ask({ env: { VOUCH_SERVER: url } }, [])).status, 2);
  });

  it("goes over plain http to no server without a record", async () => {
    assert.equal((await ask({}, ["--server", "http://127.0.0.1:1"])).status, 2);
  });
});
