import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import type { Env } from "../../../token/env.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("kubectl vouch config view", () => {
  const home = tempFolder();
  const view = async (flags: string[] = [], env: Env = {}, platform: NodeJS.Platform = "linux") => {
    const app = fakeApp({ home: home(), env: { HOME: home(), ...env }, platform, clock: Date.now });
    const status = await run(["config", "view", ...flags], app);
    return { status, ...app.written };
  };
  const settings = async (flags: string[] = [], env: Env = {}) => {
    const { stdout, stderr } = await view(["-o", "json", ...flags], env);
    assert.equal(stderr, "");
    const { settings: items } = JSON.parse(stdout) as {
      settings: Record<"name" | "value" | "origin", string>[];
    };
    return Object.fromEntries(items.map(({ name, value, origin }) => [name, [value, origin]]));
  };
  const write = (name: string, text: string) => {
    const file = path.join(home(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  };

  it("prints every setting in force, with its origin when asked", async () => {
    const state = path.join(home(), ".local/state/kubectl-vouch");
    const rows: [string, string, string][] = [
      ["SETTING", "VALUE", "ORIGIN"],
      ["server", "https://us.vouch.sh", "default"],
      ["account", "-", "default"],
      ["keyStore", "-", "default"],
      ["cache", "on", "default"],
      ["notify", "off", "default"],
      ["requireClusterInfo", "false", "default"],
      ["profile", "-", "default"],
      ["region", "eu-west-1", "AWS_REGION"],
      ["kubeconfig", path.join(home(), ".kube/config"), "default"],
      ["configFile", path.join(home(), ".config/kubectl-vouch/config.yaml"), "default"],
      ["stateFolder", state, "default"],
      ["keyFolder", path.join(home(), ".local/share/kubectl-vouch/keys"), "default"],
    ];
    const lines = (columns: number) => {
      const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
      const line = (row: string[]) =>
        row.slice(0, columns).map((cell, column) => cell.padEnd(widths[column] ?? 0));
      return rows.map((row) => `${line(row).join("  ").trimEnd()}\n`).join("");
    };
    const env = { AWS_REGION: "eu-west-1" };
    assert.deepEqual(await view(["--show-origin"], env), { status: 0, stdout: lines(3), stderr: "" });
    assert.equal((await view([], env)).stdout, lines(2));
    assert.equal((await view(["-owide"], env)).stdout, lines(3));
  });

  it("prints one object for programs", async () => {
    const object = JSON.parse((await view(["-o", "json"])).stdout) as Record<string, unknown>;
    assert.deepEqual(
      { apiVersion: object["apiVersion"], kind: object["kind"] },
      { apiVersion: "vouch.kubectl/v1", kind: "Settings" },
    );
  });

  it("knows where the server comes from: flag, variable, config.yaml, the last login", async () => {
    const server = async (flags: string[] = [], env: Env = {}) => (await settings(flags, env))["server"];
    assert.deepEqual(await server(), ["https://us.vouch.sh", "default"]);
    write(
      ".local/state/kubectl-vouch/current.json",
      JSON.stringify({ version: 1, last: "https://last.example", servers: {} }),
    );
    assert.deepEqual(await server(), ["https://last.example", "last login"]);
    const file = write(
      ".config/kubectl-vouch/config.yaml",
      "server: https://file.example\naccount: a@example.com\nkeyStore: file\n",
    );
    assert.deepEqual(await server(), ["https://file.example", file]);
    const env = { VOUCH_SERVER: "https://variable.example" };
    assert.deepEqual(await server([], env), ["https://variable.example", "VOUCH_SERVER"]);
    assert.deepEqual(await server(["--server", "https://flag.example"], env), [
      "https://flag.example",
      "flag --server",
    ]);
    const { account, keyStore } = await settings();
    assert.deepEqual({ account, keyStore }, { account: ["a@example.com", file], keyStore: ["file", file] });
  });

  it("knows where profile and region come from, in AWS's own order", async () => {
    const file = write(".aws/config", "[default]\nregion = eu-west-3\n[profile dev]\nregion = us-west-2\n");
    const both = async (env: Env = {}) => {
      const { profile, region } = await settings([], env);
      return [profile, region];
    };
    assert.deepEqual(await both(), [
      [null, "default"],
      ["eu-west-3", `profile default in ${file}`],
    ]);
    const AWS_PROFILE = "dev";
    assert.deepEqual(await both({ AWS_PROFILE }), [
      ["dev", "AWS_PROFILE"],
      ["us-west-2", `profile dev in ${file}`],
    ]);
    const AWS_DEFAULT_REGION = "us-east-2";
    assert.deepEqual((await both({ AWS_PROFILE, AWS_DEFAULT_REGION }))[1], [
      "us-east-2",
      "AWS_DEFAULT_REGION",
    ]);
    const AWS_REGION = "us-east-1";
    assert.deepEqual((await both({ AWS_REGION, AWS_DEFAULT_REGION }))[1], ["us-east-1", "AWS_REGION"]);
  });

  onPosix("paths", "knows which folders and kubeconfigs were chosen by variables", async () => {
    const { kubeconfig, configFile, stateFolder, keyFolder } = await settings([], {
      KUBECONFIG: "/a:/b::/a",
      XDG_CONFIG_HOME: "/c",
      XDG_STATE_HOME: "/s",
      XDG_DATA_HOME: "relative",
    });
    assert.deepEqual(
      { kubeconfig, configFile, stateFolder, keyFolder },
      {
        kubeconfig: ["/a, /b", "KUBECONFIG"],
        configFile: ["/c/kubectl-vouch/config.yaml", "XDG_CONFIG_HOME"],
        stateFolder: ["/s/kubectl-vouch", "XDG_STATE_HOME"],
        keyFolder: [path.join(home(), ".local/share/kubectl-vouch/keys"), "default"],
      },
    );
  });

  it("shows what steers the network, and no password of a proxy", async () => {
    const { HTTPS_PROXY, AWS_ENDPOINT_URL_STS, NO_PROXY } = await settings([], {
      HTTPS_PROXY: "http://ada:CANARY@proxy.example:3128",
      AWS_ENDPOINT_URL_STS: "https://sts.example",
      NO_PROXY: "localhost",
    });
    assert.deepEqual(
      { HTTPS_PROXY, AWS_ENDPOINT_URL_STS, NO_PROXY },
      {
        HTTPS_PROXY: ["http://ada:***@proxy.example:3128", "HTTPS_PROXY"],
        AWS_ENDPOINT_URL_STS: ["https://sts.example", "AWS_ENDPOINT_URL_STS"],
        NO_PROXY: ["localhost", "NO_PROXY"],
      },
    );
    for (const proxy of [
      "ada:CANARY@proxy.example:3128",
      "//ada:CANARY@proxy.example",
      "http://ada:CANARY@[bad",
    ]) {
      const { stdout } = await view(["--show-origin"], { HTTPS_PROXY: proxy });
      assert.doesNotMatch(stdout, /CANARY/, proxy);
    }
  });

  it("shows no login that has no password: it may be a token", async () => {
    for (const proxy of ["https://CANARY@proxy.example", "//CANARY@proxy.example"]) {
      const { stdout } = await view([], { HTTPS_PROXY: proxy });
      assert.match(stdout, /^HTTPS_PROXY +(?:https:)?\/\/\*\*\*@proxy\.example$/m);
    }
  });

  it("shows no password of a server's address", async () => {
    const { stdout } = await view([], { VOUCH_SERVER: "https://ada:CANARY@vouch.example" });
    assert.match(stdout, /^server +https:\/\/ada:\*\*\*@vouch\.example$/m);
  });

  it("shows proxies that are spelled in small letters", async () => {
    const { https_proxy } = await settings([], { https_proxy: "http://ada:CANARY@proxy.example:3128" });
    assert.deepEqual(https_proxy, ["http://ada:***@proxy.example:3128", "https_proxy"]);
  });

  it("hides the password of a server's address", async () => {
    const env = { VOUCH_SERVER: "https://ada:canary@vouch.example.com" };
    for (const format of ["text", "json"]) {
      const { status, stdout } = await view(["-o", format], env);
      assert.equal(status, 0);
      assert.ok(stdout.includes("https://ada:***@vouch.example.com"), stdout);
      assert.ok(!stdout.includes("canary"), stdout);
    }
  });

  it("looks into the folders that Windows has", async () => {
    const { stdout } = await view(["--show-origin"], { LOCALAPPDATA: "C:\\L", APPDATA: "C:\\R" }, "win32");
    assert.match(stdout, /^stateFolder +C:\\L\\kubectl-vouch +default$/m);
    assert.match(stdout, /^configFile +C:\\R\\kubectl-vouch[\\/]config\.yaml +default$/m);
  });

  onPosix("shell", "names the line of a broken config.yaml", async () => {
    const file = write(".config/kubectl-vouch/config.yaml", "servr: x\n");
    const { status, stdout, stderr } = await view();
    assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
    assert.match(
      stderr,
      new RegExp(
        `^error: Cannot use ${file}: unknown setting servr; the known settings are server, .+ \\[config-invalid\\]\n`,
      ),
    );
  });
});
