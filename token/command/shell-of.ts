import { type Env, envValue } from "../env.ts";
import type { ShellOrGuess } from "./render-command.ts";

/**
 * The caller's shell. On Windows, variables of the shell from which it was started are still there: SHELL of Git's bash, PROMPT of
 * cmd.exe, which always sets it. So only PowerShell is certain, where neither is set. Emacs sets SHELL to a program of its own.
 */
export function shellOf(env: Env, platform: string): ShellOrGuess {
  const shell = envValue(env, "SHELL") ?? "";
  if (platform !== "win32") return shell.endsWith("/fish") ? "fish" : "bash";
  if (/(?:^|[/\\])(?:ba|z|da|k|fi)?sh(?:\.exe)?$/i.test(shell)) return { guess: "bash" };
  if (envValue(env, "PROMPT") === undefined) return "powershell";
  return { guess: hasModulesOfUser(env) ? "powershell" : "cmd" };
}

/**
 * PowerShell adds the folder of its user's modules to a variable that otherwise has those of the system; what it starts, such as
 * cmd.exe, inherits it. Source: about_PSModulePath.
 */
function hasModulesOfUser(env: Env): boolean {
  const system = [envValue(env, "ProgramFiles"), envValue(env, "SystemRoot")].flatMap((one) => one ?? []);
  return (envValue(env, "PSModulePath") ?? "")
    .split(";")
    .filter((folder) => /PowerShell\\Modules$/i.test(folder))
    .some((folder) => !system.some((one) => folder.toLowerCase().startsWith(one.toLowerCase())));
}
