import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
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
});
