import assert from "node:assert/strict";
import type { Shell, ShellOrGuess } from "../../../token/command/render-command.ts";
import { shellOf } from "../../../token/command/shell-of.ts";
import type { Env } from "../../../token/env.ts";

/** What Windows gives every program; PowerShell puts its user's folder before it. */
const SYSTEM =
  "C:\\Program Files\\WindowsPowerShell\\Modules;C:\\WINDOWS\\system32\\WindowsPowerShell\\v1.0\\Modules";
const WINDOWS: Env = { ProgramFiles: "C:\\Program Files", SystemRoot: "C:\\WINDOWS", PSModulePath: SYSTEM };
const OF_USER = "C:\\Users\\ada\\OneDrive\\Dokumente\\WindowsPowerShell\\Modules";
const POWERSHELL: Env = { ...WINDOWS, PSModulePath: `${OF_USER};${SYSTEM}` };

describe("shellOf", () => {
  const guess = (shell: Shell) => ({ guess: shell });
  const CMD: Env = { ...WINDOWS, PROMPT: "$P$G" };
  const table: readonly (readonly [what: string, env: Env, platform: string, shell: ShellOrGuess])[] = [
    ["bash", { SHELL: "/bin/bash" }, "linux", "bash"],
    ["zsh", { SHELL: "/bin/zsh" }, "darwin", "bash"],
    ["fish", { SHELL: "/usr/bin/fish" }, "linux", "fish"],
    ["a container without SHELL", {}, "linux", "bash"],
    ["PowerShell", POWERSHELL, "win32", "powershell"],
    ["a desktop program", WINDOWS, "win32", "powershell"],
    ["Git's bash, or cmd.exe started from it", { ...CMD, SHELL: "/usr/bin/bash" }, "win32", guess("bash")],
    ["Git's bash by its file", { ...WINDOWS, SHELL: "C:\\Git\\BASH.EXE" }, "win32", guess("bash")],
    ["Emacs", { ...POWERSHELL, SHELL: "C:/emacs/cmdproxy.exe" }, "win32", "powershell"],
    ["a shell that PowerShell only resembles", { ...CMD, SHELL: "C:\\pwsh.exe" }, "win32", guess("cmd")],
    ["cmd.exe, or PowerShell of SYSTEM started from it", CMD, "win32", guess("cmd")],
    [
      "PowerShell started from cmd.exe, or the reverse",
      { ...POWERSHELL, PROMPT: "$P$G" },
      "win32",
      guess("powershell"),
    ],
  ];
  for (const [what, env, platform, shell] of table)
    it(`is ${JSON.stringify(shell)} in ${what}`, () => assert.deepEqual(shellOf(env, platform), shell));
});
