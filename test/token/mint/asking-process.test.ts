import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  commandLine,
  isInBackground,
  readsStdinManifest,
  rememberCaller,
  runsScripts,
  startOf,
} from "../../../token/mint/asking-process.ts";
import { idleProcess } from "../../support/idle-process.ts";
import { onPosix } from "../../support/platform.ts";

describe("readsStdinManifest", () => {
  for (const words of [
    ["kubectl", "apply", "-f", "-"],
    ["kubectl", "apply", "-f-"],
    ["kubectl", "apply", "-f=-"],
    ["kubectl", "replace", "-Rf", "-"],
    ["kubectl", "diff", "--filename", "-"],
    ["kubectl", "delete", "--filename=-", "--now"],
    ["kubectl", "get", "-f", "a.yaml", "-f", "-"],
  ]) {
    it(`is so for ${words.join(" ")}`, () => {
      assert.equal(readsStdinManifest(words), true);
    });
  }

  for (const words of [
    [],
    ["kubectl", "get", "pods"],
    ["kubectl", "apply", "-f", "a.yaml"],
    ["kubectl", "apply", "-f"],
    ["kubectl", "apply", "-f", "-x"],
    ["kubectl", "logs", "-f", "pod", "-"],
    ["kubectl", "apply", "--filename=a-"],
    ["kubectl", "exec", "pod", "--", "cat", "-"],
  ]) {
    it(`is not so for ${words.join(" ") || "no words"}`, () => {
      assert.equal(readsStdinManifest(words), false);
    });
  }
});

describe("runsScripts", () => {
  for (const words of [
    ["bash", "-c", "kubectl-vouch credential eks"],
    ["-zsh"],
    ["/bin/sh", "./deploy.sh"],
    ["/usr/bin/python3.11", "job.py"],
    ["python3"],
    ["/opt/node/bin/node", "server.js"],
    ["C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"],
    ["pwsh"],
    ["C:\\Windows\\system32\\cmd.exe", "/c", "deploy.cmd"],
    ["xargs", "-n1"],
    ["make", "deploy"],
  ]) {
    it(`is so of ${words[0]}`, () => {
      assert.equal(runsScripts(words), true);
    });
  }

  for (const words of [
    [],
    [""],
    ["kubectl", "get", "pods"],
    ["/usr/local/bin/helm"],
    ["k9s"],
    ["bashful"],
    ["terraform"],
  ]) {
    it(`is not so of ${words[0] || "nothing"}`, () => {
      assert.equal(runsScripts(words), false);
    });
  }
});

describe("commandLine", () => {
  onPosix("programs", "gives the words of a process that runs", async () => {
    const child = await idleProcess(["apply", "-f", "-"]);
    try {
      assert.equal(readsStdinManifest(commandLine(child.pid ?? 0) ?? []), true);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("gives none on Windows, where the system does not tell", () => {
    assert.equal(commandLine(process.pid, "win32"), undefined);
  });

  it("gives those that the launcher for Windows handed on, of that process alone", () => {
    const words = '"C:\\Program Files\\k\\kubectl.exe" apply  -f - "a \\"b\\" c" "" C:\\d\\';
    rememberCaller({ id: 7, start: "133", commandLine: words });
    try {
      const expected = ["C:\\Program Files\\k\\kubectl.exe", "apply", "-f", "-", 'a "b" c', "", "C:\\d\\"];
      assert.deepEqual(commandLine(7, "win32"), expected);
      assert.equal(startOf(7, "win32"), "133");
      assert.deepEqual([commandLine(8, "win32"), startOf(8, "win32")], [undefined, undefined]);
    } finally {
      rememberCaller(undefined);
    }
  });

  it("gives none of a process that is no more", () => {
    // Beyond the largest id there is: Linux, `/proc/sys/kernel/pid_max`, 2^22.
    assert.equal(commandLine(4_194_305), undefined);
  });
});

describe("startOf", () => {
  onPosix(
    "programs",
    "is the same for a process whenever it is asked for, and another for a later one",
    async () => {
      const own = startOf(process.pid);
      assert.match(own ?? "", /^\d+$|:\d\d /);
      assert.equal(startOf(process.pid), own);
      const child = await idleProcess([]);
      try {
        assert.notEqual(startOf(child.pid ?? 0), own);
      } finally {
        child.kill("SIGKILL");
      }
    },
  );

  it("is not known on Windows, nor of a process that is no more", () => {
    assert.equal(startOf(process.pid, "win32"), undefined);
    assert.equal(startOf(2 ** 22 + 1), undefined);
  });
});

describe("isInBackground", () => {
  it("is not so where nothing is known of a process, or it has no terminal", async () => {
    assert.equal(isInBackground(process.pid, "win32"), false);
    assert.equal(isInBackground(2 ** 22 + 1), false);
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
      detached: true,
      stdio: "ignore",
    });
    try {
      assert.equal(isInBackground(child.pid ?? 0), false);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
