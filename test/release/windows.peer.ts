/**
 * The program for windows/amd64 of the release that KUBECTL_VOUCH_RELEASE names, under wine: as far as wine 8 is
 * Windows. It has no pipe as standard output for Node, so everything is read from files. Source: krew/PACKAGING.md,
 * "Windows".
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { readArchive } from "../support/archive/read.ts";
import { hotTable, STATE, TOKEN } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { releaseFolder, SHIPPED_VERSION } from "../support/shipped-files.ts";
import { startWine, type Wine } from "../support/wine.ts";

describe("kubectl-vouch.exe under wine", () => {
  const version = SHIPPED_VERSION;
  let windows: Wine;
  let folder: string;
  let localAppData: string;

  before(() => {
    windows = startWine();
    folder = windows.folder;
    const release = releaseFolder() ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder");
    const archive = fs.readFileSync(
      path.join(release, archiveName(version, { os: "windows", arch: "amd64" })),
    );
    for (const { name, bytes } of readArchive(archive)) fs.writeFileSync(path.join(folder, name), bytes);
    localAppData = path.join(windows.profile, "AppData/Local");
  });
  after(() => windows.stop());

  const program =
    (name: string) =>
    (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      windows.run([path.join(folder, name), ...words], { env });
  const vouch = program("kubectl-vouch.exe");
  const core = program("vouch-core.exe");

  it("says its version", () => {
    assert.deepEqual(vouch(["version"]), { status: 0, stdout: `kubectl-vouch ${version}\n`, stderr: "" });
  });

  it("shows its help, and what is wrong with a command line", () => {
    assert.match(vouch(["--help"]).stdout, /^kubectl vouch <command>\n/);
    const { status, stderr } = vouch(["frobnicate"]);
    assert.deepEqual(
      [status, stderr.split("\n")[0]],
      [64, "error: kubectl vouch: unknown command frobnicate. [usage]"],
    );
  });

  it("says that nobody is logged in, by its exit status too", () => {
    const { status, stdout } = vouch(["status"]);
    assert.equal(status, 2);
    assert.match(stdout, /not logged in/);
  });

  it("gives the warm answer from the files of a session, and leaves its mark", () => {
    const table = hotTable({ noon: Date.now(), parentId: 0, version });
    const [plain = assert.fail("the table has no case")] = table.cases;
    const root = path.join(folder, "laid-out");
    const { args, env } = layOut(root, plain, table);
    fs.cpSync(onDisk(root, STATE), path.join(localAppData, "kubectl-vouch"), { recursive: true });
    const { KUBERNETES_EXEC_INFO = assert.fail("the case is no client's") } = env;
    const { status, stdout, stderr } = vouch(args, { KUBERNETES_EXEC_INFO });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.equal((JSON.parse(stdout) as { status: { token: string } }).status.token, TOKEN);
    assert.equal(fs.readdirSync(path.join(localAppData, "kubectl-vouch", "marks")).length, 1);
  });

  it("is no interpreter, whatever the environment says", () => {
    const script = path.join(folder, "script.cjs");
    const marker = path.join(folder, "marker");
    fs.writeFileSync(script, `require("node:fs").writeFileSync(${JSON.stringify(`Z:${marker}`)}, "")`);
    for (const start of [vouch, core])
      for (const NODE_OPTIONS of [`--require Z:${script}`, "--bogus"])
        assert.equal(start(["version"], { NODE_OPTIONS }).stdout, `kubectl-vouch ${version}\n`);
    const bad = path.join(folder, "openssl.cnf");
    fs.writeFileSync(
      bad,
      "openssl_conf = x\n[x]\nproviders = y\n[y]\nz = w\n[w]\nmodule = Z:\\nothing.dll\nactivate = 1\n",
    );
    for (const start of [vouch, core])
      assert.equal(start(["version"], { OPENSSL_CONF: `Z:${bad}` }).status, 0);
    assert.equal(fs.existsSync(marker), false);
  });

  it("loads addons from where the user database says, whatever a kubeconfig does", () => {
    const { stderr } = vouch(["keys"], { LOCALAPPDATA: "C:\\evil", TEMP: "C:\\evil", TMP: "C:\\evil" });
    assert.equal(fs.readdirSync(path.join(localAppData, "kubectl-vouch", "addons")).length, 1, stderr);
    assert.equal(fs.existsSync(path.join(folder, "wine/drive_c/evil")), false);
  });

  it("is told nothing of what the launcher drops; the core alone refuses to run where certificates would not be checked", () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_DEBUG: "http" };
    const { status, stderr } = vouch(["status"], env);
    assert.deepEqual({ status, stderr }, { status: 2, stderr: "" });
    const alone = core(["status"], env);
    assert.equal(alone.status, 6);
    assert.match(alone.stderr, /^error: NODE_TLS_REJECT_UNAUTHORIZED=0 would disable/m);
  });

  it("knows kubectl behind the launcher: a token that was refused is not returned again", () => {
    const table = hotTable({ noon: Date.now(), parentId: 0, version });
    const [plain = assert.fail("the table has no case")] = table.cases;
    const root = path.join(folder, "laid-out-twice");
    const { args, env } = layOut(root, plain, table);
    fs.cpSync(onDisk(root, STATE), path.join(localAppData, "kubectl-vouch"), { recursive: true });
    const { KUBERNETES_EXEC_INFO = assert.fail("the case is no client's") } = env;
    const call = [`Z:${folder}/kubectl-vouch.exe`.replaceAll("/", "\\"), ...args].join(" ");
    const kubectl = windows.run(["cmd", "/c", `${call} & ${call}`], { env: { KUBERNETES_EXEC_INFO } });
    assert.equal(kubectl.stdout.split("\n").length, 2, kubectl.stdout);
    assert.match(kubectl.stderr, /^error: /m);
  });

  it("notes files for the prompt as the launcher sees them", () => {
    const file = path.join(windows.profile, ".aws/config");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "[profile dev]\nsso_account_id = 111122223333\n");
    const env = { AWS_PROFILE: "dev" };
    const profiles = path.join(localAppData, "kubectl-vouch/profiles");
    // Not while the file is so young that it could change without a sign of it.
    for (let calls = 0; !fs.existsSync(profiles); calls += 1) {
      assert.ok(calls < 60, "nothing was noted");
      assert.equal(vouch(["status", "--prompt"], env).status, 0);
    }
    const [found = assert.fail("nothing was noted")] = fs.readdirSync(profiles);
    // wine gives a file no access list of its folder's.
    fs.chmodSync(path.join(profiles, found), 0o600);
    const alone = path.join(folder, "alone");
    fs.mkdirSync(alone);
    fs.copyFileSync(path.join(folder, "kubectl-vouch.exe"), path.join(alone, "kubectl-vouch.exe"));
    const prompt = () => windows.run([path.join(alone, "kubectl-vouch.exe"), "status", "--prompt"], { env });
    assert.equal(prompt().status, 0);
    fs.writeFileSync(file, "[profile dev]\nsso_account_id = 111122223334\n");
    assert.equal(prompt().status, 6);
  });

  it("shows its own name where Windows shows who made a program", () => {
    const shownBy = (name: string) => fs.readFileSync(path.join(folder, name)).toString("utf16le");
    assert.match(shownBy("kubectl-vouch.exe"), /FileDescription\0+kubectl-vouch\0/);
    assert.doesNotMatch(shownBy("kubectl-vouch.exe"), /Node\.js/);
  });
});
