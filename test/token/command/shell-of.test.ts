import assert from "node:assert/strict";
import { shellOf } from "../../../token/command/shell-of.ts";
import type { Env } from "../../../token/env.ts";

/** What Windows gives every program; PowerShell puts its user's folder before it. */
const SYSTEM =
  "C:\\Program Files\\WindowsPowerShell\\Modules;C:\\WINDOWS\\system32\\WindowsPowerShell\\v1.0\\Modules";
const WINDOWS: Env = { ProgramFiles: "C:\\Program Files", SystemRoot: "C:\\WINDOWS", PSModulePath: SYSTEM };
const OF_USER = "C:\\Users\\ada\\OneDrive\\Dokumente\\WindowsPowerShell\\Modules";
const POWERSHELL: Env = { ...WINDOWS, PSModulePath: `${OF_USER};${SYSTEM}` };

describe("shellOf", () => {
  const table: readonly (readonly [what: string, env: Env, platform: string, shell: string])[] = [
    ["bash", { SHELL: "/bin/bash" }, "linux", "bash"],
    ["zsh", { SHELL: "/bin/zsh" }, "darwin", "bash"],
    ["fish", { SHELL: "/usr/bin/fish" }, "linux", "fish"],
    ["a container without SHELL", {}, "linux", "bash"],
    ["Git's bash", { ...WINDOWS, SHELL: "/usr/bin/bash" }, "win32", "bash"],
    ["PowerShell", POWERSHELL, "win32", "powershell"],
    ["cmd.exe", { ...WINDOWS, PROMPT: "$P$G" }, "win32", "cmd"],
    ["PowerShell started from cmd.exe", { ...POWERSHELL, PROMPT: "$P$G" }, "win32", "powershell"],
    ["a desktop program", WINDOWS, "win32", "powershell"],
  ];
  for (const [what, env, platform, shell] of table)
    it(`is ${shell} in ${what}`, () => assert.equal(shellOf(env, platform), shell));
});
