import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { takeCaller, takeDropped } from "../../plugin/real-app.ts";
import { listenOnLoopback } from "../lab/loopback.ts";
import { onPosix } from "../support/platform.ts";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const MAIN = path.resolve(import.meta.dirname, "../../plugin/main.ts");
const COVERAGE = process.env["NODE_V8_COVERAGE"];

describe("the program on the real world", () => {
  const folder = tempFolder();
  const env = (more: Record<string, string> = {}) => ({
    PATH: "/usr/bin:/bin",
    ...(COVERAGE === undefined ? {} : { NODE_V8_COVERAGE: COVERAGE }),
    ...more,
  });

  for (const HOME of ["", "relative"]) {
    onPosix(
      "paths",
      `takes the home of the user database when HOME is ${JSON.stringify(HOME)}, never the current folder`,
      async () => {
        const command = [process.execPath, MAIN, "config", "view", "-o", "json"];
        const { status, stdout, stderr } = await runCommand(command, { env: env({ HOME }), cwd: folder() });
        assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
        const { settings } = JSON.parse(stdout) as { settings: { name: string; value: string }[] };
        const value = (name: string) => settings.find((setting) => setting.name === name)?.value ?? "";
        const { homedir } = os.userInfo();
        for (const name of ["kubeconfig", "configFile", "stateFolder", "keyFolder"]) {
          assert.ok(value(name).startsWith(`${homedir}/`), `${name}: ${value(name)}`);
        }
        assert.deepEqual(fs.readdirSync(folder()), []);
      },
    );
  }

  onPosix("signals", "ends with 130 on SIGINT, whatever it waits for", async () => {
    const silent = net.createServer();
    const { port, close } = await listenOnLoopback(silent);
    const server = `https://localhost:${port}`;
    const words = ["login", "--server", server, "--pin-stdin", "--key-store", "file"];
    const child = spawn(process.execPath, [MAIN, ...words], { env: env({ HOME: folder() }), stdio: "pipe" });
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    await once(silent, "connection");
    child.kill("SIGINT");
    const [status] = (await once(child, "close")) as [number | null];
    await close();
    assert.equal(status, 130, Buffer.concat(said).toString());
    assert.match(Buffer.concat(said).toString(), /error: .+ \[interrupted\]\n/);
  });
});

describe("takeDropped", () => {
  it("takes what the launcher kept from us out of the environment, under its real names", () => {
    const env = {
      PATH: "/bin",
      KUBECTL_VOUCH_DROPPED_NODE_OPTIONS: "--require x",
      KUBECTL_VOUCH_DROPPED_LD_PRELOAD: "",
    };
    assert.deepEqual(takeDropped(env), { NODE_OPTIONS: "--require x", LD_PRELOAD: "" });
    assert.deepEqual(env, { PATH: "/bin" });
  });
});

describe("takeCaller", () => {
  const from = (value: string, platform: NodeJS.Platform = "win32") => {
    const env: NodeJS.ProcessEnv = { KUBECTL_VOUCH_CALLER: value, HOME: "/home/ada" };
    const caller = takeCaller(env, { platform, ppid: 42 });
    assert.deepEqual(env, { HOME: "/home/ada" });
    return caller;
  };

  it("reads what the launcher handed on, and removes it", () => {
    assert.deepEqual(from("42 7 133000000000000000 kubectl get pods"), {
      id: 7,
      start: "133000000000000000",
      commandLine: "kubectl get pods",
    });
    assert.deepEqual(from("42 7 0 "), { id: 7, start: undefined, commandLine: undefined });
  });

  for (const value of ["41 7 1 kubectl", "", "42", "42 7 1", "42 x 1 y", " 42 7 1 y", "42 7 -1 y"]) {
    it(`believes no other: ${value}`, () => {
      assert.equal(from(value), undefined);
    });
  }

  it("believes none on other systems, which have no such launcher", () => {
    assert.equal(from("42 7 1 kubectl", "linux"), undefined);
  });
});
