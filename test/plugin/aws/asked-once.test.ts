import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { addEntry, addRole, addUser, CLUSTER_READS, chainTrust, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const SERIAL = "arn:aws:iam::111122223333:mfa/ada";
const GUARDED = "arn:aws:iam::111122223333:role/Guarded";
const SETUP = ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION];
const CREDENTIAL = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];

suiteOnPosix("lab", "a program and a person that give credentials", () => {
  const desk = labDesk();
  /** All of ours, also what is kept. */
  const files = () =>
    fs.readdirSync(path.join(desk.home, ".local"), { recursive: true, encoding: "utf8" }).sort();
  const contexts = () =>
    (parse(desk.read(".kube/config")) as { contexts: { name: string }[] }).contexts.map(({ name }) => name);

  describe("by a credential_process", () => {
    beforeEach(() => {
      const { accessKeyId, secretAccessKey } = LAB_ADMIN_KEY;
      const admin = desk.lab.world.users.get(ADMIN) ?? assert.fail("the lab has no such user");
      addEntry(desk.lab.cluster, admin, {});
      const answer = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
      const helper = desk.write(
        "helper",
        `#!/bin/sh\necho "$AWS_PROFILE $AWS_REGION" >> '${desk.home}/runs'\necho '${JSON.stringify(answer)}'\n`,
      );
      fs.chmodSync(helper, 0o755);
      desk.write(".aws/config", `[profile run]\ncredential_process = ${helper}\n`);
    });
    /** What the program was told each time, since the last look. */
    const runs = () => {
      const told = desk.read("runs").trim().split("\n");
      desk.write("runs", "");
      return told;
    };

    it("are asked once by a setup, and once by a whoami that finds nothing in the cache", async () => {
      const { status, stderr } = await desk.run([...SETUP, "--profile", "run", "--approve-process"], {
        terminal: "none",
        env: { AWS_PROFILE: "other", AWS_REGION: "eu-west-1" },
      });
      assert.equal(status, 0, stderr);
      assert.deepEqual(runs(), [`other ${LAB_REGION}`]);
      await desk.run(["cache", "clear"]);
      const [context = ""] = contexts();
      const who = await desk.run(["whoami", "--context", context]);
      assert.equal(who.status, 0, who.stderr);
      assert.deepEqual(runs(), [`other ${LAB_REGION}`]);
    });
  });

  describe("by a code of an MFA device", () => {
    const device = { serial: SERIAL, codes: [] as string[] };
    before(() => {
      const accessKeys = [{ id: "AKIAADA0000000000001", secret: "canary-ada", active: true }];
      addUser(desk.lab.world, { name: "ada", accessKeys, mfaDevices: [device] });
    });
    beforeEach(() => {
      device.codes = ["123456", "654321"];
      const trust = [chainTrust("arn:aws:iam::111122223333:user/ada")];
      addRole(desk.lab.world, { name: "Guarded", trust, allows: [CLUSTER_READS] });
      const ada = "aws_access_key_id = AKIAADA0000000000001\naws_secret_access_key = canary-ada";
      desk.write(
        ".aws/config",
        `[profile ada]\n${ada}\n[profile guarded]\nrole_arn = ${GUARDED}\nsource_profile = ada\nmfa_serial = ${SERIAL}\n`,
      );
      desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
      fs.mkdirSync(path.join(desk.home, ".local"));
    });

    /** Runs a command before somebody who types these codes, and no more. */
    const withCodes = async (codes: readonly string[], words: readonly string[], more: DeskOptions = {}) => {
      const terminal = scriptedTerminal(codes);
      const result = await desk.run(words, { terminal, ...more });
      terminal.verify();
      return { ...result, shown: terminal.shown() };
    };
    const execInfo = (interactive: boolean) => ({
      KUBERNETES_EXEC_INFO: JSON.stringify({
        kind: "ExecCredential",
        apiVersion: "client.authentication.k8s.io/v1",
        spec: { interactive },
      }),
    });
    const call = (codes: readonly string[], interactive: boolean) =>
      withCodes(codes, [...CREDENTIAL, "--profile", "guarded"], {
        env: execInfo(interactive),
        answersSecret: true,
      });
    const setUp = (codes: readonly string[], ...flags: readonly string[]) =>
      withCodes(codes, [...SETUP, "--profile", "guarded", ...flags]);

    it("are asked once by a setup, and not by the kubectl that comes after", async () => {
      const { status, stderr, shown } = await setUp(["123456"]);
      assert.equal(status, 0, stderr);
      assert.equal(shown, `MFA code of ${SERIAL}: 123456\n`);
      await desk.run(["cache", "clear"]);
      assert.equal((await setUp(["654321"])).status, 0);
      assert.equal((await call([], false)).status, 0);
    });

    it("are asked by no dry run after a login, which keeps nothing", async () => {
      const login = await withCodes(["123456"], ["login", "--profile", "guarded"]);
      assert.equal(login.status, 0, login.stderr);
      const before = files();
      const { status, stderr } = await setUp([], "--dry-run");
      assert.equal(status, 0, stderr);
      assert.deepEqual(files(), before);
    });

    it("are asked by a dry run before a login, which keeps nothing", async () => {
      const before = files();
      const { status, stderr } = await setUp(["123456"], "--dry-run");
      assert.equal(status, 0, stderr);
      assert.deepEqual(files(), before);
    });

    it("are asked by kubectl where it lets somebody be asked, else it ends with 7 and the login", async () => {
      await setUp(["123456"]);
      desk.advance(61 * 60_000);
      const refused = await call([], false);
      assert.deepEqual([refused.status, refused.stdout], [7, ""]);
      assert.match(
        refused.stderr,
        /^error: Role \S+Guarded \(AWS profile guarded .*\) requires an MFA code from device \S+mfa\/ada\. \[mfa-code-needed\]\nEnter it in a terminal: `kubectl vouch login --profile guarded`\n$/,
      );
      desk.advance(60_000);
      const asked = await call(["654321"], true);
      assert.equal(asked.status, 0, asked.stderr);
      assert.match(asked.shown, /^MFA code of /);
      assert.equal((await call([], false)).status, 0);
    });

    it("are asked each time where nothing is kept, with what the settings say", async () => {
      await setUp(["123456"]);
      await desk.run(["cache", "clear"]);
      desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\ncache: off\n");
      assert.equal((await call([], false)).status, 7);
      desk.advance(60_000);
      assert.equal((await call(["654321"], true)).status, 0);
      desk.advance(60_000);
      assert.equal((await call([], false)).status, 7);
      assert.deepEqual(
        files().filter((name) => /aws/.test(name)),
        [],
      );
    });
  });
});
