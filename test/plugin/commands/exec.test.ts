import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { thisProcess } from "../../../token/files/lock-files.ts";
import { LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch exec", () => {
  const desk = labDesk();
  const told = () => path.join(desk.home, "told.json");
  /** A program that writes down its words and its environment, and ends with this status. */
  const program = (status = 0) => [
    process.execPath,
    "-e",
    `require("fs").writeFileSync(${JSON.stringify(told())}, JSON.stringify({ words: process.argv.slice(1), env: process.env })); process.exit(${status})`,
  ];
  const exec = (words: readonly string[], env: Record<string, string> = {}) =>
    desk.run(["exec", "--role", LAB_ROLE, "--", ...words], { env });

  it("gives a program the role's credentials, its own words, and its exit status", async () => {
    await desk.logIn();
    const env = {
      AWS_PROFILE: "other",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/x",
      AWS_REGION: "eu-west-1",
      KEPT: "1",
    };
    const { status, stdout, stderr } = await exec([...program(7), "--", "-o", "x y"], env);
    assert.deepEqual({ status, stdout, stderr }, { status: 7, stdout: "", stderr: "" });
    const { words, env: given } = JSON.parse(fs.readFileSync(told(), "utf8"));
    assert.deepEqual(words, ["-o", "x y"]);
    const session = desk.lab.world.sessions.get(given.AWS_ACCESS_KEY_ID);
    assert.equal(session?.roleArn, LAB_ROLE);
    assert.deepEqual(
      [given.AWS_SECRET_ACCESS_KEY, given.AWS_SESSION_TOKEN, given.AWS_REGION, given.AWS_DEFAULT_REGION],
      [session?.secretAccessKey, session?.sessionToken, "eu-west-1", "eu-west-1"],
    );
    assert.ok(Date.parse(given.AWS_CREDENTIAL_EXPIRATION) > desk.lab.clock());
    assert.deepEqual(
      [given.AWS_PROFILE, given.AWS_WEB_IDENTITY_TOKEN_FILE, given.KEPT],
      [undefined, undefined, "1"],
    );
  });

  it("ends with 128 and the number of the signal that ended the program", async () => {
    await desk.logIn();
    const dying = [
      process.execPath,
      "-e",
      "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 10_000)",
    ];
    assert.equal((await exec(dying)).status, 128 + 15);
  });

  it("runs nothing where nobody is logged in", async () => {
    const { status, stderr } = await exec(program());
    assert.equal(status, 2);
    assert.match(stderr, /\[logged-out\]/);
    assert.equal(fs.existsSync(told()), false);
  });

  it("gives the credentials of any AWS profile, also that of AWS_PROFILE, and nothing of the old session", async () => {
    desk.write(
      ".aws/config",
      "[profile keys]\nregion = eu-west-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = canary\n",
    );
    const env = { AWS_SESSION_TOKEN: "old", AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" };
    const given = async (words: readonly string[], more: Record<string, string> = {}) => {
      const { status, stderr } = await desk.run(["exec", ...words, "--", ...program()], {
        env: { ...env, ...more },
      });
      assert.equal(status, 0, stderr);
      const { env: own } = JSON.parse(fs.readFileSync(told(), "utf8"));
      const { AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, AWS_PROFILE, AWS_REGION } =
        own;
      return [AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION, AWS_PROFILE, AWS_REGION];
    };
    const keys = ["AKIAIOSFODNN7EXAMPLE", undefined, undefined, undefined, "eu-west-1"];
    assert.deepEqual(await given(["--profile", "keys"]), keys);
    assert.deepEqual(await given([], { AWS_PROFILE: "keys" }), keys);
  });

  it("without a profile suggests one, in the command as it was given", async () => {
    desk.write(
      ".aws/config",
      "[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
    );
    const told = async (...words: readonly string[]) =>
      (await desk.run(["exec", ...words, "--", process.execPath, "a b"])).stderr;
    assert.match(
      await told("--region", "eu-west-1"),
      /Specify one: `kubectl vouch exec --profile dev --region eu-west-1 -- \S+ 'a b'`/,
    );
    // A server or an account says that a Vouch role is meant: a profile would not help.
    assert.doesNotMatch(await told("--account", "ada@example.com"), /No AWS profile/);
  });

  it("names a program that there is not, and wants one", async () => {
    await desk.logIn();
    const missing = await exec(["nothing-of-that-name"]);
    assert.equal(missing.status, 64);
    assert.match(missing.stderr, /Program "nothing-of-that-name" not found on PATH\./);
    assert.match(
      (await exec([])).stderr,
      /The command to run is missing\.[\s\S]*`kubectl vouch exec -- aws s3 ls`/,
    );
  });

  it("says of a file why it cannot be run, before it asks AWS for anything", async () => {
    const missing = path.join(desk.home, "missing");
    const text = desk.write("text", "#!/bin/sh\n");
    for (const [program, said] of [
      [missing, `${missing} not found.`],
      [desk.home, `${desk.home} is a directory.`],
      [text, `${text} is not executable.`],
    ] as const) {
      const { status, stderr } = await exec([program]);
      assert.equal(status, 64);
      assert.ok(stderr.includes(said), stderr);
    }
    assert.doesNotMatch((await exec([missing])).stderr, /on PATH/);
  });

  it("says that an interpreter is missing", async () => {
    desk.logIn();
    const script = desk.write("script", "#!/no/such/interpreter\n");
    fs.chmodSync(script, 0o755);
    const windows = desk.write("windows", "#!/bin/sh\r\n");
    fs.chmodSync(windows, 0o755);
    assert.match((await exec([windows])).stderr, /: its first line has a Windows line ending, /);
    const { status, stderr } = await exec([script]);
    assert.equal(status, 64);
    assert.match(
      stderr,
      /cannot be started: its interpreter \/no\/such\/interpreter was not found\. \[usage\]/,
    );
  });

  it("gives the region of the option, else the first one that is not empty", async () => {
    desk.logIn();
    const regions = async (words: readonly string[], env: Record<string, string>) => {
      await desk.run(["exec", "--role", LAB_ROLE, ...words, "--", ...program()], { env });
      const { AWS_REGION, AWS_DEFAULT_REGION } = JSON.parse(fs.readFileSync(told(), "utf8")).env;
      return [AWS_REGION, AWS_DEFAULT_REGION];
    };
    const west = ["eu-west-1", "eu-west-1"];
    assert.deepEqual(await regions(["--region", "eu-west-1"], { AWS_REGION: "us-east-1" }), west);
    assert.deepEqual(await regions([], { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-1" }), west);
    assert.deepEqual(await regions([], { AWS_REGION: "" }), [undefined, undefined]);
  });

  it("runs nothing after Ctrl-C, also with credentials at hand", async () => {
    desk.logIn();
    assert.equal((await exec(program())).status, 0);
    fs.rmSync(told());
    const options = { signal: AbortSignal.abort() };
    const { status } = await desk.run(["exec", "--role", LAB_ROLE, "--", ...program()], options);
    assert.equal(status, 130);
    assert.equal(fs.existsSync(told()), false);
  });

  it("is nothing that a kubeconfig may start", async () => {
    const { status, stderr } = await exec(program(), { KUBERNETES_EXEC_INFO: "{}" });
    assert.equal(status, 64);
    assert.match(stderr, /\[exec-command-refused\]/);
  });

  describe("--context", () => {
    const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: other
clusters:
- {name: lab, cluster: {server: "https://lab.example", certificate-authority: ca.pem}}
- {name: prod, cluster: {server: "https://prod.example"}}
contexts:
- {name: lab-dev, context: {cluster: lab, user: dev, namespace: web}}
- {name: other, context: {cluster: prod, user: dev}}
users:
- {name: dev, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: kubectl-vouch, args: [credential, eks]}}}
- {name: root, user: {token: canary}}
`;
    const copy = () => path.join(desk.home, "copy.yaml");
    /** A program that copies its kubeconfig, and writes down its name and AWS_ACCESS_KEY_ID. */
    const copier = () => [
      process.execPath,
      "-e",
      `const fs = require("fs"); fs.copyFileSync(process.env.KUBECONFIG, ${JSON.stringify(copy())}); fs.writeFileSync(${JSON.stringify(told())}, JSON.stringify({ file: process.env.KUBECONFIG, mode: fs.statSync(process.env.KUBECONFIG).mode & 0o777, key: process.env.AWS_ACCESS_KEY_ID }))`,
    ];
    const run = (...flags: string[]) => desk.run(["exec", ...flags, "--", ...copier()]);
    beforeEach(() => {
      desk.write(".kube/config", KUBECONFIG);
      fs.rmSync(told(), { force: true });
    });

    it("gives a program a kubeconfig with one context, and removes it afterwards", async () => {
      const { status, stdout, stderr } = await run("--context", "lab-dev");
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
      const { file, mode, key } = JSON.parse(fs.readFileSync(told(), "utf8"));
      assert.deepEqual([mode, key, fs.existsSync(file)], [0o600, undefined, false]);
      const whole = parse(KUBECONFIG);
      assert.deepEqual(parse(fs.readFileSync(copy(), "utf8")), {
        ...{ apiVersion: "v1", kind: "Config", "current-context": "lab-dev" },
        contexts: [whole.contexts[0]],
        clusters: [
          {
            name: "lab",
            cluster: {
              server: "https://lab.example",
              "certificate-authority": path.join(desk.home, ".kube/ca.pem"),
            },
          },
        ],
        users: [whole.users[0]],
      });
      assert.equal(desk.read(".kube/config"), KUBECONFIG);
    });

    it("adds AWS credentials if an identity is specified, and removes what a killed run left", async () => {
      await desk.logIn();
      const ended = { ...thisProcess(), pid: 999_999_999 };
      const write = (name: string, text: string) =>
        desk.write(`.local/state/kubectl-vouch/exec/${name}`, text);
      const left = [
        write("1.yaml", "x"),
        write("torn.yaml", '# {"pid": }\nkind: Config\n'),
        write("2.yaml", `# ${JSON.stringify(ended)}\nkind: Config\n`),
        write(".vouch-999999999-0123456789ab.tmp", "x"),
      ];
      const kept = [
        write("3.yaml", `# ${JSON.stringify(thisProcess())}\nkind: Config\n`),
        write("4.yaml", `# ${JSON.stringify({ ...ended, host: "another" })}\nkind: Config\n`),
      ];
      assert.equal((await run("--context", "lab-dev", "--role", LAB_ROLE)).status, 0);
      assert.match(JSON.parse(fs.readFileSync(told(), "utf8")).key, /^ASIA/);
      const existing = [...left, ...kept].filter((file) => fs.existsSync(file));
      assert.deepEqual(existing, kept);
    });

    it("runs nothing for a context that does not exist, and needs a context for --kubeconfig", async () => {
      const none = await run("--context", "x", "--profile", "nope");
      assert.deepEqual([none.status, fs.existsSync(told())], [6, false]);
      assert.match(none.stderr, /^error: Context x not found in the kubeconfig\. \[context-missing\]/);
      const alone = await run("--kubeconfig", copy());
      assert.equal(alone.status, 64);
      assert.match(alone.stderr, /--kubeconfig works only with --context/);
    });
  });
});
