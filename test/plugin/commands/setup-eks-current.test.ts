import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { addCluster } from "../../lab/aws/world.ts";
import { LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const DEV = "contexts:\n- {name: dev, context: {cluster: a, user: a}} # mine\n";

suiteOnPosix("lab", "the current context after kubectl vouch setup eks", () => {
  const desk = labDesk();
  const setup = (...flags: string[]) => desk.run([...SETUP_WORDS, ...flags]);
  const undo = (...flags: string[]) => desk.run(["setup", "eks", "--undo", ...flags]);
  const text = (file = desk.kubeconfig) => fs.readFileSync(file, "utf8");
  const current = (file = desk.kubeconfig) =>
    (parse(text(file)) as { "current-context"?: string })["current-context"];

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
  });

  it("is ours where there was no kubeconfig; --undo removes the file", async () => {
    const { stderr } = await setup();
    assert.equal(current(), "lab-vouch");
    assert.match(stderr, /^Switched to context lab-vouch \(no context was current\)\.$/m);
    assert.match((await setup()).stderr, /^No changes were needed\.$/m);
    await undo();
    assert.equal(fs.existsSync(desk.kubeconfig), false);
  });

  for (const before of [DEV, `${DEV}current-context: "" # none\n`, `current-context:\n${DEV}`]) {
    it(`is ours where the kubeconfig names none: ${JSON.stringify(before)}`, async () => {
      desk.write(".kube/config", before);
      const dry = await setup("--dry-run");
      assert.match(dry.stdout, /^\+current-context: "?lab-vouch"?/m);
      assert.match(dry.stderr, /^Would switch to context lab-vouch \(no context is current\)\.$/m);
      assert.equal(text(), before);
      await setup();
      assert.equal(current(), "lab-vouch");
      assert.ok(text().includes("# mine"));
      const undone = await undo();
      assert.equal(text(), before);
      assert.match(undone.stderr, /^\S+ no longer has a current context \(was: lab-vouch\)\. Choose one: /m);
    });
  }

  it("is ours also where the entry was there already", async () => {
    await setup();
    fs.writeFileSync(desk.kubeconfig, text().replace("current-context: lab-vouch", 'current-context: ""'));
    const { stderr } = await setup();
    assert.match(stderr, /^Context lab-vouch was already up to date: /m);
    assert.match(stderr, /^Switched to context lab-vouch \(no context was current\)\.$/m);
    assert.equal(current(), "lab-vouch");
  });

  it("stays another one, and the output says so and how to change it", async () => {
    desk.write(".kube/config", `${DEV}current-context: dev\n`);
    const { stderr } = await setup();
    assert.equal(current(), "dev");
    assert.match(
      stderr,
      /^The current context is still dev; to switch: `kubectl config use-context lab-vouch`$/m,
    );
  });

  it("becomes ours with --use, and --undo brings the other one back", async () => {
    const before = `current-context:   dev  # by hand\n${DEV}`;
    desk.write(".kube/config", before);
    const dry = await setup("--use", "--dry-run");
    assert.match(dry.stderr, /^Would switch to context lab-vouch \(now: dev\)\.$/m);
    const { stderr } = await setup("--use");
    assert.match(stderr, /^Switched to context lab-vouch \(was: dev\)\.$/m);
    assert.equal(text().split("\n")[0], "current-context:   lab-vouch  # by hand");

    const dryUndo = await undo("--dry-run");
    assert.match(
      dryUndo.stderr,
      /^Would switch the current context of \S+ back to dev \(was: lab-vouch\)\.$/m,
    );
    const undone = await undo();
    assert.match(undone.stderr, /^Switched the current context of \S+ back to dev \(was: lab-vouch\)\.$/m);
    assert.equal(text(), before);
  });

  it("is taken back with --undo --cluster too, and when others changed the file since", async () => {
    const before = `clusters: []\nusers: []\n${DEV}current-context: dev\n`;
    desk.write(".kube/config", before);
    await setup("--use");
    fs.appendFileSync(desk.kubeconfig, "# a note\n");
    await undo("--cluster", "lab");
    assert.equal(text(), `${before}# a note\n`);
  });

  it("is none after --undo where the one before is gone by now", async () => {
    desk.write(".kube/config", `${DEV}current-context: dev\n`);
    await setup("--use");
    fs.writeFileSync(desk.kubeconfig, text().replace("{name: dev,", "{name: renamed,"));
    const { stderr } = await undo();
    assert.equal(current(), "");
    assert.match(stderr, /^\S+ no longer has a current context \(was: lab-vouch\)\. Choose one: /m);
  });

  it("that somebody chose since stays", async () => {
    desk.write(".kube/config", `${DEV}current-context: ""\n`);
    await setup();
    fs.writeFileSync(desk.kubeconfig, text().replace("current-context: lab-vouch", "current-context: dev"));
    await undo();
    assert.equal(current(), "dev");
  });

  it("of a context that no file has is left alone", async () => {
    desk.write(".kube/config", "current-context: gone\n");
    const { stderr } = await setup();
    assert.equal(current(), "gone");
    assert.match(stderr, /^The current context is still gone, which does not exist; to switch: /m);
  });

  describe("of several files", () => {
    const files = (first: string, second: string) => {
      const paths = [desk.write("first", first), desk.write("second", second)];
      return { paths, env: { KUBECONFIG: paths.join(":") } };
    };

    it("counts wherever it is named", async () => {
      const { env, paths } = files(DEV, "current-context: dev\n");
      const { stderr } = await desk.run(SETUP_WORDS, { env });
      assert.match(stderr, /^The current context is still dev; /m);
      assert.deepEqual(paths.map(current), [undefined, "dev"]);
    });

    it("is written into the first that exists, as kubectl does it, and taken back there", async () => {
      const { env, paths } = files(DEV, "current-context: dev\n");
      const before = paths.map(text);
      const { stderr } = await desk.run([...SETUP_WORDS, "--use"], { env });
      assert.match(stderr, /^Switched to context lab-vouch \(was: dev\)\.$/m);
      assert.deepEqual(paths.map(current), ["lab-vouch", "dev"]);
      await desk.run(["setup", "eks", "--undo"], { env });
      assert.deepEqual(paths.map(text), before);
    });
  });

  it("is in the object for programs", async () => {
    const currentOf = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { currentContext: object }).currentContext;
    assert.deepEqual(currentOf(await setup("-o", "json")), { before: null, after: "lab-vouch" });
    desk.write(".kube/config", `${DEV}current-context: dev\n`);
    assert.deepEqual(currentOf(await setup("-o", "json")), { before: "dev", after: "dev" });
    assert.deepEqual(currentOf(await setup("--use", "-o", "json")), { before: "dev", after: "lab-vouch" });
  });

  describe("with --all", () => {
    const all = (...flags: string[]) =>
      desk.run(["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE, ...flags]);

    it("is ours where there is one cluster", async () => {
      await all();
      assert.equal(current(), "lab-vouch");
    });

    it("is for the person to choose among several", async () => {
      addCluster(desk.lab.world, {
        name: "prod",
        endpoint: "https://127.0.0.1:9/prod",
        certificateAuthority: desk.lab.ca.cert,
      });
      const { stderr } = await all();
      assert.equal(current(), undefined);
      assert.match(stderr, /^No context is current; choose one: `kubectl config use-context NAME`$/m);
    });

    it("cannot be asked for by --use", async () => {
      const { status, stderr } = await all("--use");
      assert.equal(status, 64);
      assert.match(stderr, /^error: --all and --use cannot be combined: .+ \[usage\]\n/);
    });
  });
});
