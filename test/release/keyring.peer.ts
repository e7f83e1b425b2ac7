/**
 * A real keyring and the release in the folder that KUBECTL_VOUCH_RELEASE names: the archive's own addon keeps, reads and removes
 * what is secret. The lab's program stands in for a login's security key alone, and keeps the session in the same keyring. Needs
 * dbus-daemon, gnome-keyring-daemon and secret-tool.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type LabPerson, labPerson, succeeded } from "../end-to-end/lab-person.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import { runCommand } from "../support/run-command.ts";
import { shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const { launcher } = shipped();

describe("the keyring of the release", () => {
  const folder = tempFolder();
  let programs: ChildProcess[];
  let lab: Lab;
  let person: LabPerson;
  let bus: Record<string, string>;

  beforeEach(async () => {
    programs = [];
    bus = await startKeyring(folder(), programs);
    lab = await startLab();
    person = labPerson(lab, { env: bus });
  });
  afterEach(async () => {
    await lab.close();
    for (const program of programs.reverse()) program.kill("SIGKILL");
  });

  /** What is in it under our name: names, each with its secret. */
  async function kept(): Promise<ReadonlyMap<string, string>> {
    const search = ["secret-tool", "search", "--all", "--unlock", "service", "kubectl-vouch"];
    const { stdout, stderr } = await runCommand(search, {
      env: { ...bus, HOME: folder(), PATH: "/usr/bin:/bin" },
    });
    const secrets = [...stdout.matchAll(/^secret = (.*)$/gm)].map(([, secret = ""]) => secret);
    const names = [...`${stdout}\n${stderr}`.matchAll(/^attribute\.username = (.*)$/gm)].map(
      ([, name = ""]) => name,
    );
    return new Map(names.map((name, index) => [name, secrets[index] ?? ""]));
  }

  const filesOfSecrets = () =>
    fs.globSync("**/*.json", { cwd: path.join(lab.home, ".local/share/kubectl-vouch/keys") });

  for (const choice of [[], ["--key-store", "keyring"]])
    it(`has the key and registration of the client after a login that waited for a security key: ${choice.join(" ") || "by default"}`, async () => {
      const login = [launcher, "login", "--pin-stdin", "--timeout", "1", ...choice];
      const { status, stderr } = await person.run(login, { stdin: `${LAB_PIN}\n` });
      assert.equal(status, 3, stderr);
      assert.match(stderr, /\[security-key-missing\]/);
      const names = [...(await kept())].map(([name, secret]) => [
        name.replace(/:.*/, ""),
        secret.length > 40,
      ]);
      assert.deepEqual(names.sort(), [
        ["client-key", true],
        ["registration", true],
      ]);
      assert.deepEqual(filesOfSecrets(), []);
    });

  it("is missed aloud, once: files take its place", async () => {
    const without = { ...bus, DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder()}/none` };
    const told = /^Secrets are stored in files in .*\/keys, because the keyring does not work: .+$/m;
    const waits = [launcher, "login", "--pin-stdin", "--timeout", "1"];
    assert.match((await person.run(waits, { stdin: `${LAB_PIN}\n`, env: without })).stderr, told);
    succeeded(await person.vouch(["login", "--pin-stdin"], { stdin: `${LAB_PIN}\n`, env: without }));
    const again = await person.vouch(["login", "--pin-stdin", "--force"], {
      stdin: `${LAB_PIN}\n`,
      env: without,
    });
    assert.doesNotMatch(succeeded(again) + again.stderr, /keyring/);
    assert.deepEqual([...(await kept())], []);
  });

  it("has the session after a login, from which the archive answers kubectl, and none after a logout", async () => {
    const login = ["login", "--pin-stdin", "--key-store", "keyring"];
    succeeded(await person.vouch(login, { stdin: `${LAB_PIN}\n` }));
    const session = [...(await kept()).keys()].filter((name) => name.startsWith("session:"));
    assert.equal(session.length, 1, [...(await kept()).keys()].join());
    assert.deepEqual(filesOfSecrets(), []);

    const credential = [
      "credential",
      "eks",
      "--cluster-name",
      LAB_CLUSTER,
      "--region",
      LAB_REGION,
      "--role",
      LAB_ROLE,
    ];
    assert.match(succeeded(await person.run([launcher, ...credential])), /k8s-aws-v1\./);
    assert.match(succeeded(await person.run([launcher, "status", "-o", "json"])), /"keyStore": "keyring"/);

    succeeded(await person.run([launcher, "logout"]));
    assert.doesNotMatch([...(await kept()).keys()].join(), /session:|credentials/);
  });
});

/** A bus and an unlocked keyring of their own; the variables that lead to them. */
async function startKeyring(folder: string, programs: ChildProcess[]): Promise<Record<string, string>> {
  const runtime = path.join(folder, "runtime");
  fs.mkdirSync(runtime, { mode: 0o700 });
  const address = `unix:path=${runtime}/bus`;
  const env = {
    HOME: folder,
    PATH: "/usr/bin:/bin",
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address", `--address=${address}`], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  programs.push(daemon);
  await once(readline.createInterface(daemon.stdout), "line");
  const keyring = spawn("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  programs.push(keyring);
  keyring.stdin.end("canary");
  // Whoever asks for it before has D-Bus start another one, which is locked.
  const bus = [
    "dbus-send",
    "--session",
    "--print-reply",
    "--dest=org.freedesktop.DBus",
    "/org/freedesktop/DBus",
  ];
  const isThere = [...bus, "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
  while (!(await runCommand(isThere, { env })).stdout.includes("boolean true")) await delay(50);
  return { XDG_RUNTIME_DIR: runtime, DBUS_SESSION_BUS_ADDRESS: address };
}
