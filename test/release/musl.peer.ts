/**
 * The npm package on musl, as krew/INSTALL.md has it installed on Alpine: npm's own installation, then what a container does, against the
 * lab. Needs root, Debian's busybox-static, and the registries of Debian, PyPI and npm.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { succeeded } from "../end-to-end/lab-person.ts";
import {
  accessPolicy,
  addEntry,
  addOidcProvider,
  addRole,
  addUser,
  chainTrust,
  vouchTrust,
} from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, type Lab, startLab } from "../lab/lab.ts";
import type { IamRole, IamUser } from "../lab/model.ts";
import { startIssuer, type TestIssuer } from "../lab-tests/aws/issuer.ts";
import type { CommandResult } from "../support/run-command.ts";
import { SHIPPED_VERSION } from "../support/shipped-files.ts";
import { installFiles } from "./install-pages.ts";
import { type MuslMachine, makeMuslMachine } from "./musl-machine.ts";
import { packNpmTarball, registryEnvironment } from "./npm-tarball.ts";

/** Canaries: they open nothing but the lab. */
const KEY = { id: "AKIALABROBOT00000001", secret: "LAB-CANARY/robot+secret/that+opens+nothing" } as const;

const ROBOT = "arn:aws:iam::111122223333:user/robot";

const ASSUME = [{ actions: ["sts:AssumeRole", "sts:TagSession"], resources: ["*"] }];

const READS = [{ actions: ["eks:DescribeCluster"], resources: ["*"] }];

const MODULES = "/usr/lib/node_modules/kubectl-vouch/node_modules";

describe("the npm package on musl", function () {
  this.timeout(600_000);
  let folder: string;
  let machine: MuslMachine;
  before(async () => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubectl-vouch-musl-"));
    machine = await makeMuslMachine(folder);
    fs.copyFileSync(await packNpmTarball(), path.join(folder, "tmp/kubectl-vouch.tgz"));
    succeeded(await install({}));
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function install(env: Readonly<Record<string, string>>, ...options: string[]): Promise<CommandResult> {
    const npm = ["npm", "install", "--global", "--no-audit", "--no-fund", ...options];
    return machine.run([...npm, "/tmp/kubectl-vouch.tgz"], { env: { ...registryEnvironment(), ...env } });
  }

  it("runs with musl alone, as `kubectl vouch`, and passes on exit statuses", async () => {
    const loaded = await machine.run(["node", "-p", "process.report.getReport().sharedObjects.join()"]);
    assert.match(succeeded(loaded), /\/lib\/ld-musl-x86_64\.so\.1\n$/);
    const version = { status: 0, stdout: `kubectl-vouch ${SHIPPED_VERSION}\n`, stderr: "" };
    assert.deepEqual(await machine.run(["kubectl", "vouch", "version"]), version);
    const statusOf = async (...words: string[]) => (await machine.run(["kubectl", "vouch", ...words])).status;
    assert.equal(await statusOf("frobnicate"), 64);
    assert.equal(await statusOf("status"), 2);
    assert.equal(await statusOf("setup", "eks", "--cluster", "x", "--profile", "none"), 6);
  });

  it("loads the keyring's native code for musl", async () => {
    const load = `require("${MODULES}/@napi-rs/keyring");
      console.log(process.report.getReport().sharedObjects.filter((one) => one.endsWith(".node")).join());`;
    const file = `${MODULES}/@napi-rs/keyring-linux-x64-musl/keyring.linux-x64-musl.node`;
    assert.equal(succeeded(await machine.run(["node", "--eval", load])), `${file}\n`);
  });

  it("installs where node-hid has no file, as on arm64, and misses nothing", async () => {
    const prefix = ["--prefix", "/tmp/arm64"];
    succeeded(await install({ npm_config_arch: "arm64" }, ...prefix));
    const modules = path.join(folder, "tmp/arm64/lib/node_modules/kubectl-vouch/node_modules");
    assert.deepEqual(fs.readdirSync(modules).includes("node-hid"), false);
    const program = "/tmp/arm64/bin/kubectl-vouch";
    assert.equal(succeeded(await machine.run([program, "version"])), `kubectl-vouch ${SHIPPED_VERSION}\n`);
  });

  describe("in the lab", () => {
    let lab: Lab;
    let issuer: TestIssuer;
    beforeEach(async () => {
      lab = await startLab();
      issuer = await startIssuer(lab.ca);
    });
    afterEach(async () => {
      await issuer.close();
      await lab.close();
    });

    /** Runs a command in a container of its own home. */
    function run(
      command: readonly string[],
      env: Readonly<Record<string, string>> = {},
      stdin = "",
      isReadOnly = false,
    ) {
      const { VOUCH_SERVER: _server, VOUCH_CA_BUNDLE: _bundle, ...own } = lab.env;
      return machine.run(command, {
        env: { ...own, ...env },
        stdin,
        shared: path.dirname(lab.home),
        isReadOnly,
      });
    }
    const vouch = (words: readonly string[], env = {}, stdin = "") =>
      run(["kubectl", "vouch", ...words], env, stdin);

    function letIn<P extends IamRole | IamUser>(principal: P): P {
      addEntry(lab.cluster, principal, { policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])] });
      return principal;
    }

    function robot(): Record<string, string> {
      letIn(
        addUser(lab.world, {
          name: "robot",
          accessKeys: [{ ...KEY, active: true }],
          allows: [...READS, ...ASSUME],
        }),
      );
      return { AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret, AWS_REGION: LAB_REGION };
    }

    const SETUP = ["setup", "eks", "--cluster", LAB_CLUSTER, "--ambient", "--use"];

    it("sets up and answers kubectl with keys from the environment, and the doctor agrees", async () => {
      const env = robot();
      succeeded(await vouch(SETUP, env));
      assert.match(succeeded(await run(["kubectl", "get", "pods"], env)), /^web-6c9f7d5b8-2xkqp /m);
      const credential = [
        "credential",
        "eks",
        "--cluster-name",
        LAB_CLUSTER,
        "--region",
        LAB_REGION,
        "--ambient",
      ];
      assert.match(succeeded(await run(["kubectl-vouch", ...credential], env)), /"token":"k8s-aws-v1\./);
      assert.equal((await vouch(["doctor"], env)).status, 0);
      lab.cluster.accessEntries.clear();
      succeeded(await vouch(["cache", "clear"]));
      const { status, stdout } = await vouch(["doctor", "-o", "github"], env);
      assert.equal(status, 79);
      assert.match(stdout, /^::error title=lab-ambient%3A /m);
    });

    it("says without credentials what is missing", async () => {
      const { status, stdout, stderr } = await vouch([...SETUP, "--region", LAB_REGION]);
      assert.deepEqual([status, stdout], [6, ""], stderr);
    });

    it("runs what INSTALL.md has GitLab run, with the job's token", async () => {
      const trust = [vouchTrust(addOidcProvider(lab.world, { url: issuer.url, ca: lab.ca.cert }))];
      const role = addRole(lab.world, { name: "Deploy", trust, allows: READS });
      const { deploy } = parse(installFiles().get("gitlab") ?? assert.fail("no file for GitLab"));
      const iat = Math.floor(Date.now() / 1000);
      const tags = {
        "https://aws.amazon.com/tags": undefined,
        "https://aws.amazon.com/source_identity": undefined,
      };
      const [name = assert.fail()] = Object.keys(deploy.id_tokens);
      const env = {
        ...deploy.variables,
        AWS_ROLE_ARN: role.arn,
        AWS_REGION: LAB_REGION,
        [name]: issuer.token({ iat, exp: iat + 3600, ...tags }),
      };
      const script = deploy.script.join("\n").replace("--cluster NAME", `--cluster ${LAB_CLUSTER}`);
      const job = () => run(["sh", "-euc", script], env);
      const afterwards = (status: string) =>
        run(["sh", "-uc", deploy.after_script.join("\n")], { ...env, CI_JOB_STATUS: status });
      assert.match((await job()).stderr, /Unauthorized|must be logged in/);
      assert.match((await afterwards("failed")).stdout, /access entry .* for role Deploy/);
      letIn(role);
      assert.match(succeeded(await job()), /^web-6c9f7d5b8-2xkqp /m);
      assert.equal(succeeded(await afterwards("success")), "");
    });

    it("answers Argo CD by what INSTALL.md writes into its secret, from a file system that cannot be written", async () => {
      const env = robot();
      const hub = addRole(lab.world, { name: "Hub", trust: [chainTrust(ROBOT)], allows: ASSUME });
      const account = "444455556666";
      letIn(addRole(lab.world, { name: "Deploy", account, trust: [chainTrust(hub.arn)] }));
      const secret = parse(installFiles().get("argo-cd") ?? assert.fail("no file for Argo CD"));
      const config = secret.stringData.config
        .replace("NAME", LAB_CLUSTER)
        .replace("eu-west-1", LAB_REGION)
        .replace("CERTIFICATE-AUTHORITY-DATA", btoa(lab.cluster.certificateAuthority));
      const file = path.join(lab.home, "argo-cd.json");
      fs.writeFileSync(file, JSON.stringify(kubeconfigOf(JSON.parse(config), lab.cluster.endpoint)));
      // Records where the lab's AWS is.
      succeeded(await vouch(SETUP, env));
      const pods = ["kubectl", "--kubeconfig", file, "get", "pods"];
      const { status, stdout, stderr } = await run(pods, { ...env, HOME: lab.home }, "", true);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^web-6c9f7d5b8-2xkqp /m);
    });

    it("stores secrets in files where there is no keyring", async () => {
      const login = ["login", "--pin-stdin", "--timeout", "1"];
      const trusted = { VOUCH_SERVER: lab.vouch.url, VOUCH_CA_BUNDLE: lab.env["VOUCH_CA_BUNDLE"] ?? "" };
      const { status, stderr } = await vouch(login, trusted, `${LAB_PIN}\n`);
      assert.equal(status, 3, stderr);
      assert.match(
        stderr,
        /^Secrets are stored in files in .*\/keys, because the keyring does not work: .+$/m,
      );
      assert.match(stderr, /\[security-key-missing\]/);
    });
  });
});

/** What Argo CD makes of its secret, for kubectl; its own calls are client-go's, too. */
function kubeconfigOf(
  { execProviderConfig, tlsClientConfig }: Record<string, Record<string, unknown>>,
  server: string,
) {
  return {
    clusters: [{ name: "c", cluster: { server, "certificate-authority-data": tlsClientConfig?.["caData"] } }],
    users: [{ name: "u", user: { exec: { ...execProviderConfig, interactiveMode: "Never" } } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
}
