import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { addCluster } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { folderState } from "../../support/folder-state.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const EMPTY = "# mine\napiVersion: v1\nkind: Config\n";

suiteOnPosix("lab", "setup --undo", () => {
  const desk = labDesk();
  const setup = (cluster: string, ...flags: string[]) =>
    desk.run(["setup", "eks", "--cluster", cluster, "--region", LAB_REGION, "--role", LAB_ROLE, ...flags]);
  const undo = (...flags: string[]) => desk.run(["setup", "eks", "--undo", ...flags]);
  const text = (file = desk.kubeconfig) => fs.readFileSync(file, "utf8");
  const contexts = (file = desk.kubeconfig) =>
    ((parse(text(file)) as { contexts?: { name: string }[] }).contexts ?? []).map(({ name }) => name);
  const setCurrent = (name: string) =>
    fs.writeFileSync(
      desk.kubeconfig,
      `${text().replace(/^current-context: .*\n/m, "")}current-context: ${name}\n`,
    );
  const current = (file = desk.kubeconfig) =>
    (parse(text(file)) as { "current-context"?: string })["current-context"];

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
    addCluster(desk.lab.world, {
      name: "prod",
      endpoint: "https://127.0.0.1:9/prod",
      certificateAuthority: desk.lab.ca.cert,
    });
  });

  describe("with --dry-run changes nothing, in no file, and says what it would do", () => {
    it("with a kubeconfig that setup made", async () => {
      await setup(LAB_CLUSTER);
      const before = folderState(desk.home);
      const { status, stdout, stderr } = await undo("--dry-run");
      assert.deepEqual(folderState(desk.home), before);
      assert.equal(status, 0);
      assert.match(
        stdout,
        new RegExp(`^--- ${desk.kubeconfig}\n\\+\\+\\+ /dev/null\n@@ -1,\\d+ \\+0,0 @@\n-`),
      );
      assert.match(
        stderr,
        new RegExp(
          "^Would undo `kubectl vouch setup eks` from \\d{4}-\\S+ \\S+ UTC\\S*:\n" +
            ` {2}context lab-vouch \\(${desk.lab.cluster.arn}\\) would be removed\n` +
            `Would remove ${desk.kubeconfig}, which setup had created\\.\nNothing was written\\.\n$`,
        ),
      );
    });

    it("with an AWS config", async () => {
      await desk.run(["setup", "aws", "--role", LAB_ROLE]);
      const before = folderState(desk.home);
      const { status, stdout, stderr } = await desk.run(["setup", "aws", "--undo", "--dry-run"]);
      assert.deepEqual(folderState(desk.home), before);
      assert.equal(status, 0);
      assert.match(stdout, /^-\[profile vouch\]$/m);
      assert.match(stderr, /^ {2}profile vouch would be removed$/m);
      assert.match(stderr, /\nWould remove \S+config, which setup had created\.\nNothing was written\.\n$/);
    });

    it("as an object, with the diff", async () => {
      desk.write(".kube/config", EMPTY);
      await setup(LAB_CLUSTER);
      const before = folderState(desk.home);
      const { stdout } = await undo("--dry-run", "-o", "json");
      assert.deepEqual(folderState(desk.home), before);
      const { dryRun, diff } = JSON.parse(stdout) as { dryRun: boolean; diff: string };
      assert.equal(dryRun, true);
      assert.match(diff, /^- {2}name: lab-vouch$|^- {2}name: vouch-eks/m);
    });
  });

  it("with --diff shows the change and makes it", async () => {
    desk.write(".kube/config", EMPTY);
    await setup(LAB_CLUSTER);
    const { stdout } = await undo("--diff");
    assert.match(stdout, /^-.*lab-vouch$/m);
    assert.equal(text(), EMPTY);
  });

  describe("with --kubeconfig", () => {
    it("takes back the last change of that file, and touches no other", async () => {
      const [a, b] = ["a", "b"].map((name) => desk.write(name, EMPTY));
      await setup(LAB_CLUSTER, "--kubeconfig", a ?? "");
      const { stderr } = await setup(LAB_CLUSTER, "--kubeconfig", b ?? "");
      const written = text(b);
      assert.ok(stderr.includes(`undo with \`kubectl vouch setup eks --undo --kubeconfig ${b}\``), stderr);
      assert.equal((await undo("--kubeconfig", a ?? "")).status, 0);
      assert.deepEqual([text(a), text(b)], [EMPTY, written]);
      assert.equal((await undo("--kubeconfig", b ?? "")).status, 0);
      assert.equal(text(b), EMPTY);
    });

    it("is needed for a file that setup would not choose by itself", async () => {
      const other = desk.write("other", EMPTY);
      await setup(LAB_CLUSTER, "--kubeconfig", other);
      const written = text(other);
      const { status, stderr } = await undo();
      assert.equal(status, 6);
      assert.match(
        stderr,
        new RegExp(
          `^error: No setup is recorded in ${desk.kubeconfig}\\. The last one, from \\S+ \\S+ UTC\\S*, changed ${other}\\. \\[undo-impossible\\]\n` +
            `To undo that one: \`kubectl vouch setup eks --undo --kubeconfig ${other}\`\n$`,
        ),
      );
      assert.equal(text(other), written);
    });

    it("knows the file by whatever path leads to it", async () => {
      const real = desk.write("dotfiles/config", EMPTY);
      fs.symlinkSync(path.dirname(real), path.join(desk.home, "linked"));
      await setup(LAB_CLUSTER, "--kubeconfig", path.join(desk.home, "linked", "config"));
      assert.equal((await undo("--kubeconfig", real)).status, 0);
      assert.equal(text(real), EMPTY);
    });

    it("leaves the other file of a command that changed two, and names it", async () => {
      const KUBECONFIG = ["a", "b"].map((name) => desk.write(name, EMPTY)).join(":");
      const [a = "", b = ""] = KUBECONFIG.split(":");
      await setup(LAB_CLUSTER, "--kubeconfig", b);
      await desk.run(["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE, "-n", "web"], {
        env: { KUBECONFIG },
      });
      assert.deepEqual([contexts(a), contexts(b)], [["prod-vouch"], ["lab-vouch"]]);
      const { stderr } = await undo("--kubeconfig", a);
      assert.equal(text(a), EMPTY);
      assert.match(text(b), /namespace: web/);
      assert.ok(
        stderr.endsWith(
          `The same command also changed ${b}, which is left unchanged; to undo that: \`kubectl vouch setup eks --undo --kubeconfig ${b}\`\n`,
        ),
      );
      await undo("--kubeconfig", b);
      assert.doesNotMatch(text(b), /namespace: web/);
    });
  });

  describe("with --cluster", () => {
    it("takes back the last change for that cluster, also when others came later", async () => {
      desk.write(".kube/config", EMPTY);
      await setup(LAB_CLUSTER);
      await setup("prod");
      const { status, stderr } = await undo("--cluster", LAB_CLUSTER);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Later changes by setup to \S+ were kept\.$/m);
      assert.deepEqual(contexts(), ["prod-vouch"]);
      await undo();
      assert.equal(text(), EMPTY);
    });

    it("takes one cluster of many back, and the rest the next time", async () => {
      await desk.run(["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE]);
      assert.deepEqual(contexts().sort(), ["lab-vouch", "prod-vouch"]);
      await undo("--cluster", "prod");
      assert.deepEqual(contexts(), ["lab-vouch"]);
      await undo();
      assert.equal(fs.existsSync(desk.kubeconfig), false);
    });

    it("tells clusters of one name apart by --region", async () => {
      addCluster(desk.lab.world, {
        name: LAB_CLUSTER,
        region: "eu-west-1",
        endpoint: "https://127.0.0.1:9/eu",
        certificateAuthority: desk.lab.ca.cert,
      });
      const all = ["setup", "eks", "--all", "--regions", "us-east-1", "eu-west-1", "--role", LAB_ROLE];
      await desk.run([...all, "--match", LAB_CLUSTER]);
      await undo("--cluster", LAB_CLUSTER, "--region", "eu-west-1");
      assert.deepEqual(contexts(), ["lab-vouch"]);
    });

    it("says that nothing is recorded for a cluster", async () => {
      await setup(LAB_CLUSTER);
      const before = folderState(path.dirname(desk.kubeconfig));
      const { status, stderr } = await undo("--cluster", "nowhere");
      assert.equal(status, 6);
      assert.match(
        stderr,
        /^error: No setup for cluster nowhere is recorded in \S+\. The last one, from \S+ \S+ UTC\S*, changed \S+\. \[undo-impossible\]\nSee what it did: `kubectl vouch setup eks --undo --dry-run`\n$/,
      );
      assert.deepEqual(folderState(path.dirname(desk.kubeconfig)), before);
    });
  });

  it("of an AWS profile takes that one back, and leaves a later one", async () => {
    await desk.run(["setup", "aws", "--role", LAB_ROLE, "--profile", "one"]);
    await desk.run(["setup", "aws", "--role", LAB_ROLE, "--profile", "two"]);
    const { status, stderr } = await desk.run(["setup", "aws", "--undo", "--profile", "one"]);
    assert.equal(status, 0, stderr);
    assert.match(desk.read(".aws/config"), /^\n\[profile two\]/);
    await desk.run(["setup", "aws", "--undo"]);
    assert.equal(fs.existsSync(path.join(desk.home, ".aws/config")), false);
  });

  describe("and the current context", () => {
    const OTHER = `${EMPTY}contexts:\n- {name: dev, context: {cluster: a, user: a}}\n`;

    it("makes it the one it was before setup", async () => {
      desk.write(".kube/config", `${OTHER}current-context: dev\n`);
      await setup(LAB_CLUSTER);
      setCurrent("lab-vouch");
      const { stderr } = await undo();
      assert.equal(current(), "dev");
      assert.match(stderr, /^Switched the current context of \S+ back to dev \(was: lab-vouch\)\.$/m);
    });

    it("clears it where there was none before", async () => {
      desk.write(".kube/config", OTHER);
      await setup(LAB_CLUSTER);
      setCurrent("lab-vouch");
      const { stderr } = await undo();
      assert.equal(current(), undefined);
      assert.match(
        stderr,
        / no longer has a current context \(was: lab-vouch\)\. Choose one: `kubectl config use-context NAME`$/m,
      );
      assert.deepEqual(contexts(), ["dev"]);
    });

    it("leaves the one that somebody chose since", async () => {
      desk.write(".kube/config", OTHER);
      await setup(LAB_CLUSTER);
      setCurrent("dev");
      await undo();
      assert.equal(current(), "dev");
    });

    it("clears it in another file of KUBECONFIG, but not with --kubeconfig", async () => {
      const first = desk.write("first", `${EMPTY}current-context: lab-vouch\n`);
      const second = desk.write("second", EMPTY);
      const KUBECONFIG = `${first}:${second}`;
      await setup(LAB_CLUSTER, "--kubeconfig", second);
      const before = folderState(desk.home);
      await desk.run(["setup", "eks", "--undo", "--dry-run"], { env: { KUBECONFIG } });
      assert.deepEqual(folderState(desk.home), before);
      await desk.run(["setup", "eks", "--undo"], { env: { KUBECONFIG } });
      assert.deepEqual([current(first), text(second)], ["", EMPTY]);
      await setup(LAB_CLUSTER, "--kubeconfig", second);
      fs.writeFileSync(first, `${EMPTY}current-context: lab-vouch\n`);
      await undo("--kubeconfig", second);
      assert.deepEqual([current(first), text(second)], ["lab-vouch", EMPTY]);
    });

    it("removes a file of ours in which nothing else is left", async () => {
      await setup(LAB_CLUSTER);
      setCurrent("lab-vouch");
      await undo();
      assert.equal(fs.existsSync(desk.kubeconfig), false);
    });

    it("goes with a context that --prune removes, and says so", async () => {
      await desk.run(["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE]);
      setCurrent("prod-vouch");
      const written = text();
      desk.lab.world.clusters.pop();
      const prune = ["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE, "--prune"];
      const dry = await desk.run([...prune, "--dry-run"]);
      assert.match(
        dry.stderr,
        /^\S+ would no longer have a current context \(now: prod-vouch\)\. Choose one: /m,
      );
      const { stderr } = await desk.run(prune);
      assert.match(stderr, /^\S+ no longer has a current context \(was: prod-vouch\)\. Choose one: /m);
      assert.equal(current(), "");
      await undo();
      assert.equal(text(), written);
    });
  });

  describe("what others changed since stays", () => {
    it("in an entry that setup updated", async () => {
      await setup(LAB_CLUSTER, "-n", "one");
      await setup(LAB_CLUSTER, "-n", "two");
      fs.writeFileSync(desk.kubeconfig, text().replace("server: ", "proxy-url: http://proxy\n    server: "));
      await undo();
      assert.match(text(), /namespace: one/);
      assert.match(text(), /proxy-url: http:\/\/proxy/);
    });

    it("in an entry that setup added: then the entry stays, and is named", async () => {
      await setup(LAB_CLUSTER);
      fs.writeFileSync(desk.kubeconfig, text().replace("server: ", "proxy-url: http://proxy\n    server: "));
      const { stderr } = await undo();
      assert.match(text(), /proxy-url: http:\/\/proxy/);
      assert.deepEqual(contexts(), []);
      assert.match(stderr, /^ {2}cluster vouch-eks\/\S+ keeps the changes made to it since$/m);
    });

    it("but a namespace goes with its context", async () => {
      await setup(LAB_CLUSTER);
      fs.writeFileSync(desk.kubeconfig, text().replace("    user: ", "    namespace: web\n    user: "));
      assert.match(text(), /namespace: web/);
      await undo();
      assert.equal(fs.existsSync(desk.kubeconfig), false);
    });
  });
});

suiteOnPosix("lab", "setup --dry-run", () => {
  const desk = labDesk();
  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
  });

  const commands: [string, string[]][] = [
    ["eks", ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE, "--migrate"]],
    ["eks", ["--all", "--region", LAB_REGION, "--role", LAB_ROLE, "--prune"]],
    ["aws", ["--role", LAB_ROLE]],
  ];
  for (const [what, flags] of commands) {
    it(`${what} ${flags[0]} changes no byte and no time, in no file`, async () => {
      desk.write(".kube/config", EMPTY);
      const before = folderState(desk.home);
      const { status, stderr } = await desk.run(["setup", what, ...flags, "--dry-run"]);
      assert.equal(status, 0, stderr);
      assert.deepEqual(folderState(desk.home), before);
    });
  }
});
