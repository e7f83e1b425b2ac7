import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_PIN } from "../../lab/lab.ts";
import { startVouchStandIn } from "../../lab/vouch/vouch-stand-in.ts";
import { onFullDisk } from "../../support/full-disk.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { login, sessionId } from "../../support/sessions.ts";

suiteOnPosix("lab", "kubectl vouch logout", () => {
  const desk = labDesk();
  const secrets = () =>
    fs
      .readdirSync(path.join(desk.home, ".local/share/kubectl-vouch/keys"))
      .filter((name) => /^(session|aws)/.test(name));
  const current = () => JSON.parse(desk.read(".local/state/kubectl-vouch/current.json")) as object;

  it("ends the session at the server and forgets it here", async () => {
    const login = ["login", "--pin-stdin", "--key-store", "file"];
    await desk.run(login, { stdin: LAB_PIN, terminal: "none" });
    const before = desk.lab.vouch.liveSessions;
    const { status, stdout, stderr } = await desk.run(["logout"]);

    assert.deepEqual(
      { status, stdout, stderr },
      { status: 0, stdout: "", stderr: `Logged out ada@example.com from ${desk.lab.vouch.url}.\n` },
    );
    assert.equal(desk.lab.vouch.liveSessions, before - 1);
    assert.deepEqual(secrets(), []);
    assert.deepEqual(current(), { version: 1, servers: {} });
    assert.equal((await desk.run(["status"])).status, 2);
  });

  it("says to programs whom it logged out, and whether the server was told", async () => {
    const sessions = async (...flags: string[]) => {
      const { status, stdout, stderr } = await desk.run(["logout", "-o", "json", ...flags]);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      return JSON.parse(stdout).sessions as Record<string, string>[];
    };
    const who = { server: desk.lab.vouch.url, email: "ada@example.com" };
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    const [{ problem, ...told } = {}] = await sessions();
    assert.deepEqual(told, { ...who, status: "server-not-told" });
    assert.match(String(problem), /localhost/);
    assert.deepEqual(await sessions("--all"), []);
    desk.lab.vouch.faults.down = false;
    desk.logIn();
    assert.deepEqual(await sessions(), [{ ...who, status: "logged-out" }]);
  });

  it("is content when nobody is logged in, also the second time", async () => {
    desk.logIn();
    await desk.run(["logout"]);
    for (const args of [["logout"], ["logout", "--all"]]) {
      assert.deepEqual(await desk.run(args), {
        status: 0,
        stdout: "",
        stderr: "You were not logged in to Vouch.\n",
      });
    }
  });

  it("forgets here, and says so, when the server is down", async () => {
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    const { status, stderr } = await desk.run(["logout"]);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^Logged out ada@example\.com from https:\/\/localhost:\d+\.\nCannot notify the server: .+\. There, the session ends at its usual time\.\n$/,
    );
    assert.deepEqual(secrets(), []);
    assert.deepEqual(current(), { version: 1, servers: {} });
  });

  it("ends the session and removes its secrets on a full disk too, and says what is left", async () => {
    const login = ["login", "--pin-stdin", "--key-store", "file"];
    await desk.run(login, { stdin: LAB_PIN, terminal: "none" });
    const before = desk.lab.vouch.liveSessions;
    const { status, stderr } = await onFullDisk(desk.home, () => desk.run(["logout"]));
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: The session of ada@example\.com at \S+ has ended, but this machine could not record that: .+current\.json.+\nFree space on its disk: `df -h \S+`\nThen run `kubectl vouch logout --server \S+`\.\n$/,
    );
    assert.equal(desk.lab.vouch.liveSessions, before - 1);
    assert.deepEqual(secrets(), []);
    assert.equal((await desk.run(["logout"])).status, 0);
    assert.deepEqual(current(), { version: 1, servers: {} });
  });

  it("forgets here when the secrets of the session are gone already", async () => {
    desk.logIn();
    for (const name of secrets()) fs.rmSync(path.join(desk.home, ".local/share/kubectl-vouch/keys", name));
    const { status, stderr } = await desk.run(["logout"]);
    assert.equal(status, 0);
    assert.match(stderr, /Cannot notify the server: The session of ada@example\.com .+ anymore\./);
    assert.deepEqual(current(), { version: 1, servers: {} });
  });

  it("logs out the account that is named, at the server that is named", async () => {
    desk.logIn();
    const elsewhere = ["--server", "https://us.vouch.sh"];
    const url = desk.lab.vouch.url;
    const still = `Still logged in: ada@example.com at ${url}: \`kubectl vouch logout --server ${url} --account ada@example.com\`\n`;
    assert.equal(
      (await desk.run(["logout", ...elsewhere])).stderr,
      `You were not logged in to https://us.vouch.sh.\n${still}`,
    );
    assert.equal(
      (await desk.run(["logout", "--account", "grace@example.com"])).stderr,
      `grace@example.com was not logged in to ${url}.\n${still}`,
    );
    assert.equal((await desk.run(["status", "--offline"])).status, 0);
    const here = ["--server", desk.lab.vouch.url, "--account", "ada@example.com"];
    assert.match((await desk.run(["logout", ...here])).stderr, /^Logged out ada@example\.com/);
  });

  it("removes what a killed login has left, also where nobody is logged in", async () => {
    const { entry, session } = login("ada@example.com", sessionId(7));
    const keys = path.join(desk.home, ".local/share/kubectl-vouch/keys");
    const left = path.join(desk.home, ".local/state/kubectl-vouch/sessions", entry.id);
    for (const folder of [keys, left]) fs.mkdirSync(folder, { mode: 0o700, recursive: true });
    const secret = path.join(keys, `session%3A${entry.id}.json`);
    const half = path.join(keys, ".vouch-999999999-0123456789ab.tmp");
    for (const file of [secret, half]) fs.writeFileSync(file, JSON.stringify(session), { mode: 0o600 });
    assert.equal((await desk.run(["logout"])).status, 0);
    assert.deepEqual(
      [secret, half, left].filter((file) => fs.existsSync(file)),
      [],
    );
  });

  it("logs everybody out everywhere with --all, also where a server is gone", async () => {
    const { ca, clock } = desk.lab;
    const other = await startVouchStandIn({ ca, clock, rpId: "localhost" });
    desk.logIn();
    const file = ".local/state/kubectl-vouch/current.json";
    const now = JSON.parse(desk.read(file)) as { servers: Record<string, object> };
    const [session] = Object.values(now.servers);
    desk.write(file, JSON.stringify({ ...now, servers: { ...now.servers, [other.url]: session } }));
    fs.chmodSync(path.join(desk.home, file), 0o600);
    await other.close();

    const { status, stderr } = await desk.run(["logout", "--all"]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`Logged out ada@example.com from ${desk.lab.vouch.url}`));
    assert.match(stderr, new RegExp(`Logged out ada@example.com from ${other.url}`));
    assert.deepEqual(current(), { version: 1, servers: {} });
  });

  for (const flag of [
    ["--server", "https://us.vouch.sh"],
    ["--account", "ada@example.com"],
  ]) {
    it(`does not take ${flag[0]} together with --all`, async () => {
      const { status, stderr } = await desk.run(["logout", "--all", ...flag]);
      assert.equal(status, 64);
      assert.match(stderr, /^error: --all means every account at every server, but .+ \[usage\]\n/);
    });
  }
});
