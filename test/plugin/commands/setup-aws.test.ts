import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { fillDisk } from "../../support/full-disk.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const OTHERS = "# mine\n[default]\nregion=eu-west-1\n\n[profile dev]   # odd\nsso_session = x\n";

suiteOnPosix("lab", "kubectl vouch setup aws", () => {
  const desk = labDesk();
  const setup = (...flags: string[]) => ["setup", "aws", "--role", LAB_ROLE, ...flags];
  const undo = ["setup", "aws", "--undo"];
  const config = () => path.join(desk.home, ".aws", "config");
  const ours = (command: string) =>
    `credential_process = ${command} credential aws --role ${LAB_ROLE} --server ${desk.lab.vouch.url}\n`;
  const program = () => path.join(desk.lab.env["PATH"]?.split(":")[0] ?? "", "kubectl-vouch");

  it("writes a profile without a login, and says how to try it", async () => {
    const { status, stdout, stderr } = await desk.run(setup("--region", LAB_REGION));
    assert.deepEqual(
      { status, stdout, stderr },
      {
        status: 0,
        stdout: "",
        stderr:
          `Profile vouch added: ${LAB_ROLE}\n` +
          `Wrote ${config()}; undo with \`kubectl vouch setup aws --undo\`\n` +
          "Try it: `aws sts get-caller-identity --profile vouch`\n",
      },
    );
    assert.equal(
      desk.read(".aws/config"),
      `[profile vouch]\n${ours(program())}region = us-east-1\noutput = json\n`,
    );
  });

  it("keeps what others wrote, and --undo restores the bytes", async () => {
    desk.write(".aws/config", OTHERS);
    await desk.run(setup());
    assert.ok(desk.read(".aws/config").startsWith(OTHERS));
    const { status, stdout, stderr } = await desk.run(undo);
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(
      stderr,
      new RegExp(
        "^Undid `kubectl vouch setup aws` from \\d{4}-\\S+ \\S+ UTC\\S*:\n {2}profile vouch was removed\n" +
          `Restored ${config()}, byte for byte\\.\n$`,
      ),
    );
    assert.equal(desk.read(".aws/config"), OTHERS);
  });

  it("says what to do by hand when there is nothing to undo", async () => {
    const { status, stderr } = await desk.run(undo);
    assert.equal(status, 6);
    assert.equal(
      stderr,
      "error: No recorded setup to undo. [undo-impossible]\n" +
        `Remove the profile manually: \`vi ${config()}\`\n`,
    );
  });

  it("is content with a profile that is as it should be, and updates one that is not", async () => {
    await desk.run(setup());
    assert.match((await desk.run(setup())).stderr, /^Profile vouch is already up to date: /);
    assert.match((await desk.run(setup("--region", "eu-west-1"))).stderr, /^Profile vouch updated: /);
  });

  it("gives a second role a profile of its own, with the way to it and the account", async () => {
    await desk.run(setup());
    const [via, role] = ["VouchManagement", "VouchSpoke"].map(
      (name) => `arn:aws:iam::111122223333:role/${name}`,
    );
    const flags = ["--role", role ?? "", "--via", via ?? "", "--account", "ada@example.com"];
    assert.match((await desk.run(["setup", "aws", ...flags])).stderr, /^Profile vouch-2 added: /);
    assert.match(
      desk.read(".aws/config"),
      new RegExp(`--role ${role} --via ${via} --server \\S+ --account ada@example.com\n`),
    );
  });

  it("prints one object for programs", async () => {
    const { stdout, stderr } = await desk.run(setup("--profile", "work", "-o", "json"));
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), {
      apiVersion: "vouch.kubectl/v1",
      kind: "AwsSetup",
      dryRun: false,
      profile: "work",
      status: "added",
      files: [config()],
      changes: [{ file: config(), section: "profile", name: "work", did: "added" }],
      role: LAB_ROLE,
      via: [],
      server: desk.lab.vouch.url,
      warnings: [],
      undo: ["kubectl", "vouch", "setup", "aws", "--undo"],
    });
    const again = JSON.parse((await desk.run(setup("--profile", "work", "-o", "json"))).stdout);
    assert.deepEqual([again.files, again.changes, again.undo], [[], [], undefined]);
    const undone = await desk.run([...undo, "-o", "json"]);
    assert.equal(undone.stderr, "");
    assert.deepEqual((JSON.parse(undone.stdout) as { files: object }).files, [
      {
        path: config(),
        how: "removed",
        changedSince: false,
        entries: [{ section: "profile", name: "work", did: "added" }],
        kept: [],
      },
    ]);
  });

  it("shows the diff without the secrets of others, and writes nothing with --dry-run", async () => {
    desk.write(".aws/config", `[profile x]\naws_secret_access_key = FOREIGN-CANARY\n`);
    const { status, stdout, stderr } = await desk.run(setup("--dry-run"));
    assert.equal(status, 0);
    assert.match(stdout, /^\+\[profile vouch\]$/m);
    assert.doesNotMatch(stdout, /CANARY/);
    assert.equal(stderr, `Profile vouch would be added: ${LAB_ROLE}\nNothing was written.\n`);
    assert.doesNotMatch(desk.read(".aws/config"), /vouch/);
    assert.match((await desk.run(setup("--diff"))).stdout, /^\+\[profile vouch\]$/m);
    assert.match(desk.read(".aws/config"), /\[profile vouch\]/);
  });

  it("takes over a profile of upstream's, and says so", async () => {
    desk.write(
      ".aws/config",
      `[profile vouch]\ncredential_process = vouch credential aws --role ${LAB_ROLE}\n`,
    );
    assert.match(
      (await desk.run(setup("--profile", "vouch", "--dry-run"))).stderr,
      /^Profile vouch would be updated: .+\n {2}\(currently, its credentials come from Vouch's own CLI\)\n/,
    );
    const { status, stderr } = await desk.run(setup("--profile", "vouch"));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^ {2}\(previously, its credentials came from Vouch's own CLI\)$/m);
  });

  it("writes into the file that AWS_CONFIG_FILE names", async () => {
    const AWS_CONFIG_FILE = path.join(desk.home, "elsewhere", "aws");
    await desk.run(setup(), { env: { AWS_CONFIG_FILE } });
    assert.match(fs.readFileSync(AWS_CONFIG_FILE, "utf8"), /\[profile vouch\]/);
    assert.equal(fs.existsSync(config()), false);
  });

  it("warns when AWS tools would not find us", async () => {
    const { status, stderr } = await desk.run(setup(), { env: { PATH: undefined } });
    assert.equal(status, 0);
    assert.match(stderr, /^warning: kubectl-vouch is not on your PATH, so AWS tools will not find it\./);
    assert.match(desk.read(".aws/config"), /credential_process = kubectl-vouch credential aws/);
  });

  const refusals: Record<string, [string[], string, string]> = {
    "a command line without a role": [
      ["setup", "aws"],
      "usage",
      "Neither a role nor a start URL of IAM Identity Center was specified\\.",
    ],
    "what is no role": [["setup", "aws", "--role", "Dev"], "role-arn-invalid", '"Dev" is not'],
    "a region of another partition": [setup("--region", "cn-north-1"), "partition-mismatch", "aws-cn"],
    "a region that is none": [
      setup("--region", "nowhere"),
      "region-invalid",
      '"nowhere" is not an AWS region',
    ],
    "a profile name that no SDK reads": [setup("--profile", "a b"), "usage", '"a b" is not a profile name'],
    "a server that is no address": [setup("--server", "ftp://x"), "server-url-invalid", ""],
  };
  for (const [what, [args, code, words]] of Object.entries(refusals)) {
    it(`refuses ${what}`, async () => {
      const { status, stdout, stderr } = await desk.run(args);
      assert.equal(status, code === "usage" ? 64 : 6);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^error: .*${words}.* \\[${code}\\]\n.+\n$`));
      assert.equal(fs.existsSync(config()), false);
    });
  }

  it("does not touch a profile that gets its credentials another way", async () => {
    desk.write(".aws/config", OTHERS);
    const { status, stderr } = await desk.run(setup("--profile", "dev"));
    assert.equal(status, 6);
    assert.match(
      stderr,
      /already gets its credentials from a different source \(sso_session\)\. \[aws-config-invalid\]/,
    );
    assert.equal(desk.read(".aws/config"), OTHERS);
  });

  for (const [what, text] of [
    ["malformed", "[profile x\n"],
    ["no text", Buffer.from([0xff, 0xfe, 0x00])],
  ] as const) {
    it(`does not start afresh from a config that is ${what}`, async () => {
      desk.write(".aws/config", "");
      fs.writeFileSync(config(), text);
      const { status, stderr } = await desk.run(setup());
      assert.equal(status, 6);
      assert.match(stderr, new RegExp(`error: .*${config()}.* \\[(aws-config-invalid|file-unreadable)\\]\n`));
      assert.deepEqual(fs.readFileSync(config()), Buffer.from(text));
    });
  }

  it("leaves the file as it was when the disk is full", async () => {
    desk.write(".aws/config", OTHERS);
    const empty = fillDisk(path.dirname(config()));
    const { status, stderr } = await desk.run(setup()).finally(empty);
    assert.equal(status, 6);
    assert.match(stderr, /cannot be written: the disk is full\. \[file-unwritable\]/);
    assert.equal(desk.read(".aws/config"), OTHERS);
  });
});
