/**
 * A day with the archive for windows/amd64 of the release that KUBECTL_VOUCH_RELEASE names, under wine 8: login, setup, tokens for a
 * client that calls the plugin as client-go does, the doctor, kills, and undoing it all. Needs Go.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { PLATFORMS } from "../../krew/platforms.ts";
import type { SoftKeyState } from "../lab/key/soft-key-state.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { SETUP_WORDS } from "../support/lab-words.ts";
import { shipped } from "../support/shipped-files.ts";
import { buildLibrary, releaseToolchain, webauthnStandIn } from "../support/webauthn-stand-in.ts";
import { answerLines, windowsAssertion } from "../support/windows-key.ts";
import { startWine, type Wine, withoutWine } from "../support/wine.ts";
import { installRandom } from "../support/wine-random.ts";

const AMD64 = PLATFORMS.find(({ os, arch }) => os === "windows" && arch === "amd64") ?? assert.fail();

/** What an editor of Windows leaves, with another tool's entry. */
const KUBECONFIG = [
  "# mine: Jörg",
  "apiVersion: v1",
  "kind: Config",
  "current-context: old",
  "contexts:",
  "- name: old",
  "  context: {cluster: old, user: old}",
  "clusters:",
  "- name: old",
  "  cluster: {server: 'https://127.0.0.1:1'}",
  "users:",
  "- name: old",
  "  user: {token: abc}",
  "",
].join("\r\n");

interface Kubeconfig {
  readonly users: readonly {
    readonly user: { readonly exec?: { readonly command: string; readonly args: readonly string[] } };
  }[];
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
}

describe("a day on Windows, as far as wine is it", function () {
  this.timeout(300_000);
  let windows: Wine;
  let lab: Lab;
  let kubeconfig: string;
  let client: string;
  const dialog: { key?: SoftKeyState; standIn?: ReturnType<typeof webauthnStandIn> } = {};

  before(async function () {
    this.timeout(600_000);
    windows = startWine();
    const toolchain = await releaseToolchain();
    await installRandom(windows, toolchain);
    dialog.standIn = webauthnStandIn(windows, await buildLibrary(toolchain));
    dialog.standIn.reset();
    lab = await startLab();
    dialog.key = JSON.parse(
      fs.readFileSync(path.join(path.dirname(lab.home), "security-key.json"), "utf8"),
    ) as SoftKeyState;
    // A folder with a blank and an umlaut, on the PATH of this Windows.
    fs.cpSync(shipped(AMD64).folder, path.join(windows.drive, "my töols"), { recursive: true });
    client = path.join(windows.folder, "exec-client.exe");
    execFileSync("go", ["build", "-o", client, "."], {
      cwd: path.join(import.meta.dirname, "exec-client"),
      env: { ...process.env, GOOS: "windows", GOARCH: "amd64", CGO_ENABLED: "0" },
    });
    kubeconfig = path.join(windows.profile, ".kube/config");
    fs.mkdirSync(path.dirname(kubeconfig));
    fs.writeFileSync(kubeconfig, KUBECONFIG);
  });
  after(async () => {
    windows.stop();
    await lab.close();
  });

  /** wine gives Node no pipe as standard output. */
  function start(words: readonly string[]) {
    const files = ["out", "err"].map((name) => path.join(windows.folder, name)) as [string, string];
    const [out, err] = files.map((file) => fs.openSync(file, "w")) as [number, number];
    const { VOUCH_SERVER = "", VOUCH_CA_BUNDLE = "", AWS_CA_BUNDLE = "", AWS_ENDPOINT_URL = "" } = lab.env;
    const child = spawn("wine", words, {
      env: {
        ...windows.env,
        VOUCH_SERVER,
        VOUCH_CA_BUNDLE: `Z:${VOUCH_CA_BUNDLE}`,
        AWS_CA_BUNDLE: `Z:${AWS_CA_BUNDLE}`,
        AWS_ENDPOINT_URL,
        AWS_EC2_METADATA_DISABLED: "true",
        WINEPATH: "C:\\my töols",
      },
      stdio: ["ignore", out, err],
      cwd: windows.folder,
    });
    for (const file of [out, err]) fs.closeSync(file);
    const ended = once(child, "close").then(([status]) => {
      const [stdout = "", stderr = ""] = files.map((file) => withoutWine(fs.readFileSync(file, "utf8")));
      return { status: status as number, stdout, stderr };
    });
    return { child, ended };
  }
  const vouch = (...words: readonly string[]) => start(["kubectl-vouch.exe", ...words]).ended;

  /** What the entry that setup wrote runs, and what kubectl tells it. */
  function exec(): { readonly words: readonly string[]; readonly info: string } {
    const { users, clusters } = parse(fs.readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const { command, args } =
      users.find(({ user }) => user.exec)?.user.exec ?? assert.fail("no entry of ours");
    const { server, "certificate-authority-data": ca } = clusters.at(-1)?.cluster ?? assert.fail();
    const spec = { cluster: { server, "certificate-authority-data": ca, config: null }, interactive: false };
    const apiVersion = "client.authentication.k8s.io/v1";
    return {
      words: [command, ...args],
      info: JSON.stringify({ kind: "ExecCredential", apiVersion, spec }),
    };
  }

  async function token(): Promise<string> {
    const { words, info } = exec();
    const output = path.join(windows.folder, "answer");
    const { status, stderr } = await start([client, info, `Z:${output}`, ...words]).ended;
    assert.equal(status, 0, stderr);
    return (JSON.parse(fs.readFileSync(output, "utf8")) as { status: { token: string } }).status.token;
  }

  it("begins with a login in Windows' dialog", async () => {
    const { ended } = start(["kubectl-vouch.exe", "login"]);
    const { standIn = assert.fail(), key = assert.fail() } = dialog;
    const lines = await standIn.request();
    const sent = lines.find((line) => line.startsWith("client-data "))?.slice(12) ?? "";
    const asked = { rpId: "localhost", clientDataJson: Buffer.from(sent, "hex") };
    standIn.answer(answerLines(windowsAssertion(key, asked) ?? assert.fail()));
    const { status, stderr } = await ended;
    assert.equal(status, 0, stderr);
  });

  it("sets up a cluster in a kubeconfig with line ends of Windows, and keeps them", async () => {
    const { status, stderr } = await vouch(...SETUP_WORDS);
    assert.equal(status, 0, stderr);
    const text = fs.readFileSync(kubeconfig, "utf8");
    assert.match(text, /^# mine: Jörg\r\n/);
    assert.equal(text.replaceAll("\r\n", "").includes("\n"), false);
  });

  it("gets tokens as kubectl asks for them: one exchange, then the same one", async () => {
    const first = await token();
    assert.match(first, /^k8s-aws-v1\./);
    assert.equal(await token(), first);
  });

  it("gets them after the plugin was killed while it fetched one, at any moment", async () => {
    for (const ms of [200, 500, 900, 1400]) {
      assert.equal((await vouch("cache", "clear")).status, 0);
      const { child, ended } = start(exec().words);
      await delay(ms);
      child.kill("SIGKILL");
      await ended;
    }
    assert.match(await token(), /^k8s-aws-v1\./);
  });

  it("shows the doctor nothing that is wrong", async () => {
    const { status, stdout, stderr } = await vouch("doctor", "--context", "lab-vouch");
    assert.equal(status, 0, stdout + stderr);
  });

  it("refuses a kubeconfig that is a folder, or too large, in words", async () => {
    const odd = path.join(windows.folder, "odd");
    fs.mkdirSync(odd);
    const large = path.join(windows.folder, "large");
    fs.writeFileSync(large, "");
    fs.truncateSync(large, 2 ** 33);
    for (const file of [odd, large]) {
      const { status, stderr } = await vouch(...SETUP_WORDS, "--kubeconfig", `Z:${file}`);
      assert.equal(status, 6, stderr);
      assert.match(stderr, /^error: .*\[[a-z-]+\]$/m);
      assert.doesNotMatch(stderr, /^\s+at /m);
    }
  });

  it("ends with the kubeconfig as it was, and no one logged in", async () => {
    const undone = await vouch("setup", "eks", "--undo");
    assert.equal(undone.status, 0, undone.stderr);
    assert.equal(fs.readFileSync(kubeconfig, "utf8"), KUBECONFIG);
    assert.equal((await vouch("logout")).status, 0);
    assert.equal((await vouch("status")).status, 2);
  });
});
