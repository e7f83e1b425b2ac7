import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { readJournal, writeJournal } from "../../../plugin/setup/setup-journal.ts";
import { loadProfileRecord } from "../../../token/aws/sources/profile-record.ts";
import { ourFolders } from "../../../token/files/folders.ts";
import { findClusterRecord } from "../../../token/mint/cluster-records.ts";
import { addCluster, addEntry, addRole, CLUSTER_READS, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { onReadOnlyDisk } from "../../support/full-disk.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts: { readonly name: string }[];
  readonly users: { readonly name: string; readonly user: { readonly exec: Record<string, unknown> } }[];
}

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const DEV = "arn:aws:iam::111122223333:role/Dev";
const KEYS = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
const WHERE = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];

suiteOnPosix("lab", "kubectl vouch setup eks by an AWS profile", () => {
  const desk = labDeskAtRest();
  const config = (text: string) => desk.write(".aws/config", text);
  const setup = (...flags: string[]) => ["setup", "eks", "--cluster", LAB_CLUSTER, ...flags];
  const kubeconfig = () => parse(fs.readFileSync(desk.kubeconfig, "utf8")) as Kubeconfig;
  const names = () => kubeconfig().contexts.map(({ name }) => name);
  const execs = () => kubeconfig().users.map(({ user }) => user.exec);
  const args = () => execs().map((exec) => exec["args"]);
  const state = () => ourFolders({ env: {}, platform: "linux", homeDir: desk.home }).state;
  const recordOf = (profile: string | undefined, configFile = path.join(desk.home, ".aws/config")) =>
    findClusterRecord(state(), { cluster: LAB_CLUSTER, region: LAB_REGION, profile, configFile });

  let dev: ReturnType<typeof addRole>;

  beforeEach(() => {
    config(
      `[profile base]\n${KEYS}[profile dev]\nregion = ${LAB_REGION}\nrole_arn = ${DEV}\nsource_profile = base\n`,
    );
    dev = addRole(desk.lab.world, {
      name: "Dev",
      trust: [{ Effect: "Allow", Principal: { AWS: ADMIN }, Action: ["sts:AssumeRole"] }],
      allows: [CLUSTER_READS],
    });
  });

  it("needs no Vouch: a context of its own, a record of the cluster, and a token", async () => {
    addEntry(desk.lab.cluster, dev);
    const { status, stdout, stderr } = await desk.run(setup("--profile", "dev"));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      new RegExp(
        `^(?:Connecting to cluster lab…\n)?Context lab-dev added: ${desk.lab.cluster.arn}\n` +
          "Switched to context lab-dev \\(no context was current\\).\n" +
          "Credentials: AWS profile dev\n" +
          "Works: you are \\S+ in cluster lab\\.\n" +
          `Wrote ${desk.kubeconfig}; undo with \`kubectl vouch setup eks --undo\`\n` +
          "Try it: `kubectl get pods --context=lab-dev`\n$",
      ),
    );
    const [exec] = execs();
    assert.deepEqual(exec?.["args"], [...WHERE, "--profile", "dev"]);
    assert.deepEqual(
      [exec?.["interactiveMode"], exec?.["provideClusterInfo"], exec?.["env"]],
      ["Never", true, undefined],
    );
    assert.equal(recordOf("dev")?.host, new URL(desk.lab.cluster.endpoint).hostname);
  });

  it("is what kubectl calls then, from the cache", async () => {
    await desk.run(setup("--profile", "dev"));
    const [words] = args();
    const { status, stdout, stderr } = await desk.run(words as string[], { answersSecret: true });
    assert.equal(status, 0, stderr);
    assert.match(JSON.parse(stdout).status.token, /^k8s-aws-v1\./);
  });

  it("is what kubectl calls then, also by a profile whose name looks like a flag", async () => {
    config(`[profile -x]\nregion = ${LAB_REGION}\n${KEYS}`);
    const written = await desk.run(setup("--profile=-x"));
    assert.equal(written.status, 0, written.stderr);
    const [words] = args() as string[][];
    assert.deepEqual(words, [...WHERE, "--profile=-x"]);
    const { status, stderr } = await desk.run(words ?? [], { answersSecret: true });
    assert.equal(status, 0, stderr);
    const again = await desk.run(setup("--profile=-x"));
    assert.match(again.stderr, /^Context \S+ was already up to date/m);
    assert.deepEqual(args(), [words], "the entry is known again");
  });

  it("changes nothing the second time, and is taken back with its record", async () => {
    desk.write(".kube/config", "# mine\n");
    await desk.run(setup("--profile", "dev"));
    const again = await desk.run(setup("--profile", "dev"));
    assert.match(again.stderr, /^Context lab-dev was already up to date: .+\n/m);
    assert.match(again.stderr, /^No changes were needed\.$/m);
    assert.equal((await desk.run(["setup", "eks", "--undo"])).status, 0);
    assert.equal(desk.read(".kube/config"), "# mine\n");
    assert.equal(recordOf("dev"), undefined);
  });

  it("warns an agent of an identity that cannot be narrowed, once, and no one else", async () => {
    const env = { CLAUDECODE: "1" };
    const { stderr } = await desk.run(setup("--profile", "base", "--region", LAB_REGION), { env });
    const warnings = stderr.match(/^warning: An AI .+$/gm);
    assert.deepEqual(warnings, [
      "warning: An AI agent that runs kubectl gets all AWS permissions of AWS profile base, and can do whatever you can in the cluster. With --agent-role ARN, it gets that role instead.",
    ]);
    const alone = await desk.run(setup("--profile", "base", "--region", LAB_REGION));
    assert.doesNotMatch(alone.stderr, /^warning: An AI/m);
    const narrow = setup("--profile", "base", "--region", LAB_REGION, "--role", DEV);
    assert.doesNotMatch((await desk.run(narrow, { env })).stderr, /^warning: An AI/m);
    assert.deepEqual(args(), [
      [...WHERE, "--profile", "base"],
      [...WHERE, "--profile", "base", "--role", DEV],
    ]);
    assert.deepEqual(names(), ["lab-base", "lab-Dev-base"]);
  });

  it("prints one object for programs", async () => {
    const { stdout } = await desk.run(setup("--profile", "dev", "-o", "json"));
    const { contexts, profile, role, server, identity, warnings } = JSON.parse(stdout);
    assert.deepEqual(
      { profile, role, server, identity, warnings },
      {
        profile: "dev",
        role: undefined,
        server: undefined,
        identity: undefined,
        warnings: [],
      },
    );
    const { context, by, profile: own } = contexts[0];
    assert.deepEqual({ context, by, own }, { context: "lab-dev", by: "profile", own: "dev" });
  });

  it("writes and records nothing with --dry-run", async () => {
    const { status, stdout } = await desk.run(setup("--profile", "dev", "--dry-run"));
    assert.equal(status, 0);
    assert.match(stdout, /^\+ +- --profile\n\+ +- dev$/m);
    assert.equal(fs.existsSync(desk.kubeconfig), false);
    assert.equal(fs.existsSync(state()), false);
  });

  it("carries the files on that lie elsewhere", async () => {
    const file = desk.write("elsewhere/aws", desk.read(".aws/config"));
    const env = { AWS_CONFIG_FILE: "~/elsewhere/aws" };
    assert.equal((await desk.run(setup("--profile", "dev"), { env })).status, 0);
    assert.deepEqual(execs()[0]?.["env"], [{ name: "AWS_CONFIG_FILE", value: file }]);
    assert.ok(recordOf("dev", file));
    await desk.run(setup("--profile", "dev"));
    assert.equal(names().length, 2, "another file is another profile");
  });

  it("is the caller with --ambient", async () => {
    const env = { AWS_PROFILE: "dev" };
    const { status, stderr } = await desk.run(setup("--ambient"), { env });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Credentials: the caller's AWS credentials$/m);
    assert.deepEqual([names(), args()], [["lab-ambient"], [[...WHERE, "--ambient"]]]);
    assert.ok(recordOf(undefined));
  });

  it("describes by another profile where that is asked for", async () => {
    desk.lab.world.roles.get(DEV)?.allows.splice(0);
    const refused = await desk.run(setup("--profile", "dev"));
    assert.equal(refused.status, 5, refused.stderr);
    const { status, stderr } = await desk.run(setup("--profile", "dev", "--describe-profile", "base"));
    assert.equal(status, 0, stderr);
    assert.deepEqual(args(), [[...WHERE, "--profile", "dev"]]);
  });

  it("says what to run where AWS refuses the keys, of whichever profile asks", async () => {
    const refused =
      "[profile old]\naws_access_key_id = AKIAGONE000000000001\naws_secret_access_key = canary\n";
    config(
      `${desk.read(".aws/config")}${refused}[profile by-old]\nrole_arn = ${DEV}\nsource_profile = old\n`,
    );
    const renewal = /Set new keys in the profile: `aws configure --profile old`$/m;
    for (const flags of [
      ["--profile", "old"],
      ["--profile", "by-old"],
      ["--profile", "dev", "--describe-profile", "old"],
    ]) {
      const { status, stderr } = await desk.run(setup(...flags, "--region", LAB_REGION));
      assert.equal(status, 5, stderr);
      assert.match(stderr, /\[aws-credentials-refused\]/);
      assert.match(stderr, renewal);
    }
    const all = ["setup", "eks", "--all", "--profile", "old", "--region", LAB_REGION];
    assert.match((await desk.run(all)).stderr, renewal);
    await desk.run(setup("--profile", "base", "--region", LAB_REGION));
    config(`[profile base]\n${KEYS.replace(LAB_ADMIN_KEY.accessKeyId, "AKIAGONE000000000001")}`);
    const { stderr } = await desk.run(["whoami", "--context", "lab-base"]);
    assert.match(stderr, /Set new keys in the profile: `aws configure --profile base`$/m);
  });

  it("stays as it was for a profile of Vouch's", async () => {
    desk.logIn();
    desk.lab.world.roles.get("arn:aws:iam::111122223333:role/VouchDeveloper")?.allows.push(CLUSTER_READS);
    const role = "arn:aws:iam::111122223333:role/VouchDeveloper";
    config(
      `[profile v]\nregion = ${LAB_REGION}\ncredential_process = kubectl-vouch credential aws --role ${role}\n`,
    );
    const { status, stderr } = await desk.run(setup("--profile", "v"));
    assert.equal(status, 0, stderr);
    assert.deepEqual(names(), ["lab-vouch"]);
    assert.deepEqual((args()[0] as string[]).slice(6), ["--role", role, "--server", desk.lab.vouch.url]);
  });

  it("offers the profiles there are where nobody is named", async () => {
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 6);
    assert.match(stderr, /`kubectl vouch setup eks --cluster lab --profile dev` \(or base\)/);
  });

  describe("that runs a program", () => {
    const answer = {
      Version: 1,
      AccessKeyId: LAB_ADMIN_KEY.accessKeyId,
      SecretAccessKey: LAB_ADMIN_KEY.secretAccessKey,
    };
    let [helper, line] = ["", ""];
    beforeEach(() => {
      helper = desk.write("helper", `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
      fs.chmodSync(helper, 0o755);
      line = `${helper} --for "two  words"`;
      config(`[profile run]\nregion = ${LAB_REGION}\ncredential_process = ${line}\n`);
    });

    it("shows it, asks, and asks no more", async () => {
      const terminal = scriptedTerminal(["y"]);
      const { status, stderr } = await desk.run(setup("--profile", "run"), { terminal });
      assert.equal(status, 0, stderr);
      terminal.verify();
      assert.ok(terminal.shown().includes(`\n  ${line}\n`));
      const again = await desk.run(setup("--profile", "run"), { terminal: scriptedTerminal([]) });
      assert.equal(again.status, 0, again.stderr);
      const { status: called } = await desk.run([...WHERE, "--profile", "run"], { answersSecret: true });
      assert.equal(called, 0);
    });

    it("asks again when the line is another", async () => {
      await desk.run(setup("--profile", "run", "--approve-process"), { terminal: "none" });
      config(desk.read(".aws/config").replace("--for", "--now-for"));
      const terminal = scriptedTerminal(["n"]);
      const { status, stderr } = await desk.run(setup("--profile", "run"), { terminal });
      assert.equal(status, 6);
      assert.match(stderr, /was not approved; nothing was written\. \[credential-process-unapproved\]$/m);
      terminal.verify();
    });

    it("ends with 6 and the command that agrees where nobody can be asked", async () => {
      const { status, stderr } = await desk.run(setup("--profile", "run"), { terminal: "none" });
      assert.equal(status, 6);
      assert.ok(stderr.includes(line));
      assert.match(stderr, /`kubectl vouch setup eks --cluster lab --profile run --approve-process`/);
      assert.equal(fs.existsSync(desk.kubeconfig), false);
      const agreed = await desk.run(setup("--profile", "run", "--approve-process"), { terminal: "none" });
      assert.equal(agreed.status, 0, agreed.stderr);
    });

    describe("that was agreed to", () => {
      const approved = (profile = "run") =>
        loadProfileRecord(state(), { profile, configFile: path.join(desk.home, ".aws/config") })?.process;
      const agree = (env: Record<string, string>, ...flags: string[]) =>
        desk.run(setup("--profile", "run", "--approve-process", ...flags), { terminal: "none", env });
      const forgotten = () =>
        `AWS profile run is no longer allowed to run ${helper}, since no context uses it; the next setup asks again.`;

      it("is agreed to anew with --approve-process, in the environment of then", async () => {
        await agree({ USERPROFILE: "/one" });
        assert.equal(approved()?.env["USERPROFILE"], "/one");
        const { stderr } = await agree({ USERPROFILE: "/other" });
        assert.equal(approved()?.env["USERPROFILE"], "/other");
        assert.match(stderr, /^Its files and folders are: .+ Approved with --approve-process\.$/m);
        await desk.run(setup("--profile", "run"), { env: { USERPROFILE: "/third" } });
        assert.equal(approved()?.env["USERPROFILE"], "/other", "nobody agreed to that");
      });

      it("is forgotten with the last context that runs it", async () => {
        const file = path.join(desk.home, "other");
        await agree({});
        await agree({}, "--context-name", "second");
        await agree({}, "--kubeconfig", file);
        const undo = (...flags: string[]) => desk.run(["setup", "eks", "--undo", ...flags]);
        await undo();
        await undo();
        assert.deepEqual(fs.existsSync(desk.kubeconfig), false);
        assert.ok(approved(), "the other kubeconfig runs it");
        await undo("--kubeconfig", file, "--dry-run");
        assert.ok(approved());
        const { stderr } = await undo("--kubeconfig", file);
        assert.equal(approved(), undefined);
        assert.equal(stderr.split("\n").at(-2), forgotten(), stderr);
      });

      it("is told programs to be forgotten, once", async () => {
        await agree({});
        await agree({}, "--context-name", "second");
        const undone = async () =>
          JSON.parse((await desk.run(["setup", "eks", "--undo", "-o", "json"])).stdout).forgottenApprovals;
        assert.equal(await undone(), undefined);
        assert.deepEqual(await undone(), [{ profile: "run", program: helper }]);
      });

      it("is said to be forgotten of whoever calls", async () => {
        const env = { AWS_PROFILE: "run" };
        await desk.run(setup("--ambient", "--approve-process"), { terminal: "none", env });
        const { stderr } = await desk.run(["setup", "eks", "--undo"], { env });
        assert.match(stderr, /^The caller's AWS profile is no longer allowed to run \S+helper, /m);
        await desk.run(setup("--ambient", "--approve-process"), { terminal: "none", env });
        const { stdout } = await desk.run(["setup", "eks", "--undo", "-o", "json"], { env });
        assert.deepEqual(JSON.parse(stdout).forgottenApprovals, [{ program: helper }]);
      });

      it("hides nothing of what was taken back where it cannot be forgotten", async () => {
        const databaseHome = path.join(path.dirname(desk.home), "database-home");
        const options = { terminal: "none", databaseHome } as const;
        await desk.run(setup("--profile", "run", "--approve-process"), options);
        const undo = () => desk.run(["setup", "eks", "--undo", "-o", "json"], { databaseHome });
        const { status, stdout, stderr } = await onReadOnlyDisk(databaseHome, undo);
        fs.rmSync(databaseHome, { recursive: true });
        assert.deepEqual([status, fs.existsSync(desk.kubeconfig)], [6, false], stderr);
        assert.match(stderr, /\[file-unwritable\]$/m);
        const { kind, forgottenApprovals } = JSON.parse(stdout);
        assert.deepEqual([kind, forgottenApprovals], ["SetupUndone", undefined]);
      });

      it("is not run where the user database does not list the user, or HOME alone can be written", async () => {
        const args = setup("--profile", "run", "--approve-process");
        const call = (databaseHome?: string) => desk.run(args, { terminal: "none", databaseHome });
        const unlisted = await call();
        assert.equal(unlisted.status, 6);
        assert.match(
          unlisted.stderr,
          /^error: UID \d+ does not have an entry with a home directory in \/etc\/passwd\. \[file-unwritable\]\nAdd one, .+ HOME is not used for this/m,
        );
        const databaseHome = path.join(path.dirname(desk.home), "database-home");
        fs.mkdirSync(databaseHome);
        const { stderr } = await onReadOnlyDisk(databaseHome, () => call(databaseHome));
        fs.rmSync(databaseHome, { recursive: true });
        assert.match(
          stderr,
          /\[file-unwritable\]\nYour home directory in the user database is \S+\/database-home: make it writable, .+ HOME \(.+\) is not used/m,
        );
      });

      it("stays where a kubeconfig runs it that setup wrote more than fifty changes ago", async () => {
        await agree({}, "--kubeconfig", path.join(desk.home, "other"));
        const later = { kind: "aws-config", time: "2026-01-15T12:00:00Z", files: [] } as const;
        writeJournal(state(), [...readJournal(state()), ...Array.from({ length: 50 }, () => later)]);
        await agree({});
        await desk.run(["setup", "eks", "--undo"]);
        assert.ok(approved());
      });

      it("is forgotten with contexts that are pruned, and no other is", async () => {
        const { clusters } = desk.lab.world;
        const old = addCluster(desk.lab.world, {
          name: "old",
          endpoint: "https://old.example",
          certificateAuthority: "ca",
        });
        const stays = `[profile stays]\nregion = ${LAB_REGION}\ncredential_process = ${line} stays\n`;
        config(`${desk.read(".aws/config")}${stays}[profile keys]\nregion = ${LAB_REGION}\n${KEYS}`);
        const all = (...flags: string[]) =>
          desk.run(["setup", "eks", "--all", ...flags], { terminal: "none" });
        await all("--profile", "run", "--match", "old", "--approve-process");
        await all("--profile", "stays", "--approve-process");
        assert.ok(approved());
        clusters.splice(0, clusters.length, ...clusters.filter(({ name }) => name !== "old"));
        const { status, stderr } = await all("--profile", "keys", "--prune");
        assert.equal(status, 0, stderr);
        assert.equal(stderr.split("\n").filter((told) => told === forgotten()).length, 1, stderr);
        assert.deepEqual(names(), ["lab-stays", "lab-keys"]);
        assert.equal(approved(), undefined);
        assert.ok(approved("stays"));
        const back = await desk.run(["setup", "eks", "--undo"]);
        assert.deepEqual([back.status, approved(), names().includes("old-run")], [0, undefined, true]);
        const [, again = ""] =
          /^AWS profile run runs a program that is no longer approved\. To approve it: `kubectl vouch (.*)`$/m.exec(
            back.stderr,
          ) ?? [];
        assert.equal(
          again,
          `setup eks --cluster old --region ${LAB_REGION} --profile run --approve-process`,
          back.stderr,
        );
        assert.equal(back.stderr.match(/no longer approved/g)?.length, 1);
        clusters.push(old);
        const restored = names();
        assert.equal((await desk.run(again.split(" "), { terminal: "none" })).status, 0);
        assert.ok(approved());
        assert.deepEqual(names(), restored);
        const { stderr: told } = await desk.run(["setup", "eks", "--undo"]);
        assert.doesNotMatch(told, /nobody agrees/);
      });
    });
  });
});
