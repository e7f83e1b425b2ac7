import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import type { Env } from "../../../token/env.ts";
import { SETTING_NAMES } from "../../../token/settings/setting-keys.ts";
import { readConfig } from "../../../token/settings/settings.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { CREDENTIAL_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

suiteOnPosix("lab", "kubectl vouch config set, unset and list", () => {
  const home = tempFolder();
  const config = async (words: readonly string[], env: Env = {}) => {
    const app = fakeApp({ home: home(), env: { HOME: home(), ...env }, clock: () => 0 });
    const status = await run(["config", ...words], app);
    return { status, ...app.written };
  };
  const file = () => path.join(home(), ".config/kubectl-vouch/config.yaml");
  const text = () => fs.readFileSync(file(), "utf8");
  const write = (yaml: string) => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), yaml, { mode: 0o600 });
  };

  it("writes a setting into a file of one's own, and keeps the rest of it", async () => {
    assert.deepEqual(await config(["set", "cache", "off"]), {
      status: 0,
      stdout: "",
      stderr: `cache is now off (${file()}).\n`,
    });
    assert.equal(text(), "cache: off\n");
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
    write("# ours\nserver: https://vouch.example.com # the company's\n\ncache: on\n");
    await config(["set", "cache", "off"]);
    assert.equal(text(), "# ours\nserver: https://vouch.example.com # the company's\n\ncache: off\n");
    await config(["unset", "cache"]);
    assert.equal(text(), "# ours\nserver: https://vouch.example.com # the company's\n\n");
  });

  const VALUES = {
    server: "https://vouch.example.com",
    account: "ada@example.com",
    keyStore: "file",
    cache: "off",
    notify: "on",
    requireClusterInfo: "true",
    vouchCaBundle: "/etc/ca.pem",
    awsCaBundle: "/etc/ca.pem",
    stsEndpoint: "https://sts.example.com",
    eksEndpoint: "https://eks.example.com",
    iamEndpoint: "http://localhost:4566",
  } as const;
  it("knows every setting, and what it writes can be read", async () => {
    assert.deepEqual(Object.keys(VALUES), SETTING_NAMES);
    for (const [name, value] of Object.entries(VALUES)) {
      assert.equal((await config(["set", name, value])).status, 0, name);
      const read = readConfig(text(), file())[name as keyof typeof VALUES];
      const words: Readonly<Record<string, boolean>> = { on: true, off: false, true: true };
      assert.equal(read, words[value] ?? value, name);
    }
    const { stdout } = await config(["list", "-o", "json"]);
    const { settings } = JSON.parse(stdout) as { settings: { name: string; meaning: string }[] };
    assert.deepEqual(
      settings.map(({ name }) => name),
      SETTING_NAMES,
    );
    assert.ok(settings.every(({ meaning }) => meaning.endsWith(".")));
    assert.match((await config(["list"])).stdout, /^server: .+\n {4}Address of the Vouch server\. Default: /);
  });

  const WRONG: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    "a name that there is not": [["set", "cahce", "on"], /Unknown setting "cahce"; did you mean cache\?/],
    "a value that is none": [["set", "cache", "maybe"], /cache must be on or off, not "maybe"/],
    "an address that is none": [["set", "server", "vouch"], /not an https address/],
    "plain http to elsewhere": [
      ["set", "stsEndpoint", "http://sts.example.com"],
      /stsEndpoint must be an https/,
    ],
    "a path that is not absolute": [["set", "awsCaBundle", "ca.pem"], /awsCaBundle must be an absolute path/],
    "the name of nothing": [["unset", "nothing"], /Unknown setting "nothing"/],
  };
  for (const [what, [words, says]] of Object.entries(WRONG)) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const { status, stderr } = await config(words);
      assert.notEqual(status, 0);
      assert.match(stderr, says);
      assert.equal(fs.existsSync(file()), false);
    });
  }

  it("leaves a file that cannot be read as it is, but takes a line away that nobody knows", async () => {
    write("server: [\n");
    assert.equal((await config(["set", "cache", "off"])).status, 6);
    assert.equal(text(), "server: [\n");
    write("serverr: https://x.example\ncache: on\n");
    assert.equal((await config(["set", "cache", "off"])).status, 6);
    assert.equal((await config(["unset", "serverr"])).status, 0);
    assert.equal(text(), "cache: on\n");
  });

  it("repeats no login of an address that it refuses, wherever it was typed", async () => {
    const addresses = ["https://ada:CANARY@x.example", "https://CANARY@x.example", "ada:CANARY@x.example"];
    for (const address of [...addresses, "//ada:CANARY@x.example", "https://ada:CAN/ARY@x.example"]) {
      for (const name of [...SETTING_NAMES, "nothing"]) {
        const { status, stderr, stdout } = await config(["set", name, address]);
        if (status === 0) assert.match(name, /Bundle$/);
        else assert.doesNotMatch(stderr + stdout, /CAN.?ARY/, `${name} ${address}`);
      }
      for (const words of [
        ["unset", address],
        ["set", address, "on"],
      ])
        assert.doesNotMatch((await config(words)).stderr, /CAN.?ARY/, words.join(" "));
    }
  });

  it("lists no login of an address that somebody wrote by hand", async () => {
    write("stsEndpoint: https://ada:CANARY@x.example\nserver: https://CANARY@x.example\n");
    for (const output of ["text", "json"]) {
      const { status, stdout } = await config(["list", "-o", output]);
      assert.equal(status, 0);
      assert.doesNotMatch(stdout, /CANARY/);
    }
  });

  it("warns that an exec block can lead past a guard that variables lead to, and how to set it where none does", async () => {
    const elsewhere = { XDG_CONFIG_HOME: path.join(home(), "elsewhere") };
    for (const [name, value] of [
      ["cache", "off"],
      ["requireClusterInfo", "true"],
    ] as const) {
      const { stderr } = await config(["set", name, value], elsewhere);
      const [, command = ""] = /^warning: .*`env (.*)`$/m.exec(stderr) ?? assert.fail(stderr);
      assert.equal(
        command,
        `-u XDG_CONFIG_HOME -u XDG_STATE_HOME HOME=${home()} kubectl vouch config set ${name} ${value}`,
      );
      assert.doesNotMatch((await config(["set", name, value])).stderr, /warning/);
    }
    assert.doesNotMatch((await config(["set", "cache", "on"], elsewhere)).stderr, /warning/);
  });

  it("says which variable is stronger, and not what is in it", async () => {
    const { stderr } = await config(["set", "server", VALUES.server], {
      VOUCH_SERVER: "https://canary.example",
    });
    assert.match(stderr, /VOUCH_SERVER is set in this shell and overrides the setting: `unset VOUCH_SERVER`/);
    assert.doesNotMatch(stderr, /canary/);
  });
});

suiteOnPosix("lab", "the setting cache: off", () => {
  const desk = labDesk();
  const exchanges = () =>
    desk.lab.aws.calls.filter(({ operation }) => operation.startsWith("AssumeRole")).length;
  const ask = async () => {
    const asked = await desk.run([...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url], {
      answersSecret: true,
    });
    assert.equal(asked.status, 0, asked.stderr);
  };

  it("forgets what is cached, and keeps nothing from then on; on, it keeps again", async () => {
    await desk.logIn();
    await ask();
    await ask();
    assert.equal(exchanges(), 1);
    await desk.run(["config", "set", "cache", "off"]);
    const listed = async () =>
      JSON.parse((await desk.run(["cache", "list", "-o", "json"])).stdout).items.length;
    assert.equal(await listed(), 0);
    await ask();
    await ask();
    assert.equal(exchanges(), 3);
    assert.equal(await listed(), 0);
    await desk.run(["config", "unset", "cache"]);
    await ask();
    await ask();
    assert.equal(exchanges(), 4);
    assert.equal(await listed(), 1);
  });
});
