import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import type { Env } from "../../../token/env.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("kubectl vouch config where the machine has settings of its own", () => {
  const home = tempFolder();
  const machine = () => path.join(home(), "etc/config.yaml");
  const own = () => path.join(home(), ".config/kubectl-vouch/config.yaml");
  const config = async (words: readonly string[], env: Env = {}) => {
    const systemConfig = { file: machine(), ownerId: process.getuid?.() ?? 0 };
    const app = fakeApp({ home: home(), env: { HOME: home(), ...env }, clock: Date.now, systemConfig });
    const status = await run(["config", ...words], app);
    return { status, ...app.written };
  };
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    fs.writeFileSync(file, text, { mode: 0o600 });
  };
  const listed = async (name: string) => {
    const { settings } = JSON.parse((await config(["list", "-o", "json"])).stdout) as {
      settings: { name: string; value: unknown; origin: unknown }[];
    };
    const { value, origin } = settings.find((setting) => setting.name === name) ?? {};
    return [value, origin];
  };

  onPosix("modes", "says on unset which value holds now, and which file says so", async () => {
    write(machine(), "account: all@example.com\ncache: off\n");
    write(own(), "account: ada@example.com\ncache: on\nnotify: on\n");
    assert.deepEqual(await config(["unset", "account"]), {
      status: 0,
      stdout: "",
      stderr: `account is now all@example.com, from ${machine()} (${own()} no longer sets it).\n`,
    });
    assert.match((await config(["unset", "cache"])).stderr, /^cache is now off, from /);
    assert.match((await config(["unset", "notify"])).stderr, /^notify now has its default value: off \(/);
    assert.equal(
      (await config(["unset", "account"])).stderr,
      `account was not set in ${own()}; it is all@example.com, from ${machine()}.\n`,
    );
  });

  onPosix("modes", "says on unset which variable is stronger than what is left", async () => {
    write(own(), "server: https://own.example\n");
    const { stderr } = await config(["unset", "server"], { VOUCH_SERVER: "https://canary.example" });
    assert.match(
      stderr,
      /\nVOUCH_SERVER is set in this shell and overrides the setting: `unset VOUCH_SERVER`\n$/,
    );
    assert.doesNotMatch(stderr, /canary/);
  });

  onPosix("modes", "lists which file says each value", async () => {
    write(machine(), "account: all@example.com\ncache: off\nstsEndpoint: https://ada:CANARY@x.example\n");
    write(own(), "cache: on\n");
    assert.deepEqual(await listed("account"), ["all@example.com", machine()]);
    assert.deepEqual(await listed("cache"), [true, own()]);
    assert.deepEqual(await listed("server"), [null, null]);
    const { stdout } = await config(["list"]);
    assert.match(stdout, /^account: all@example\.com \(\S+\/etc\/config\.yaml\)$/m);
    assert.match(stdout, /^cache: on$/m);
    assert.match(
      (await config(["unset", "stsEndpoint"])).stderr,
      /it is https:\/\/ada:\*\*\*@x\.example, from /,
    );
  });

  const view = async (name: string) => {
    const { stdout } = await config(["view", "-o", "json"]);
    const { settings } = JSON.parse(stdout) as {
      settings: { name: string; value: string; origin: string }[];
    };
    return settings.find((setting) => setting.name === name);
  };
  const remember = (text: string) =>
    write(path.join(home(), ".local/state/kubectl-vouch/current.json"), text);

  it("views what holds: a cache is off as soon as a file says so, and what was kept serves a while", async () => {
    write(own(), "cache: off\n");
    assert.deepEqual(await view("cache"), {
      name: "cache",
      value: "off",
      origin: `${own()}; existing cache entries are used until the next login, setup or config set`,
    });
    remember('{"version":1,"cache":false,"servers":{}}');
    assert.deepEqual(await view("cache"), { name: "cache", value: "off", origin: own() });
    write(own(), "cache: on\n");
    assert.deepEqual(await view("cache"), {
      name: "cache",
      value: "off",
      origin: `last login or setup; set to on in ${own()}`,
    });
    fs.rmSync(own());
    assert.deepEqual(await view("cache"), {
      name: "cache",
      value: "off",
      origin: "last login or setup; not set in any file",
    });
  });

  onPosix(
    "modes",
    "views what holds: a cluster is required, for cached tokens only once login or setup copied that",
    async () => {
      write(machine(), "requireClusterInfo: true\n");
      assert.deepEqual(await view("requireClusterInfo"), {
        name: "requireClusterInfo",
        value: "true",
        origin: `${machine()}; it applies to cached tokens after the next login, setup or config set`,
      });
      remember('{"version":1,"requireClusterInfo":true,"servers":{}}');
      assert.deepEqual(await view("requireClusterInfo"), {
        name: "requireClusterInfo",
        value: "true",
        origin: machine(),
      });
    },
  );
});
