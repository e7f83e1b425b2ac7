import { type Env, envValue } from "../env.ts";
import type { Shell } from "./render-command.ts";

/** The caller's shell. Git's bash for Windows sets SHELL as well. */
export function shellOf(env: Env, platform: string): Shell {
  const shell = envValue(env, "SHELL");
  if (shell?.endsWith("/fish") === true) return "fish";
  if (shell !== undefined || platform !== "win32") return "bash";
  return envValue(env, "PROMPT") !== undefined && !hasModulesOfUser(env) ? "cmd" : "powershell";
}

/**
 * cmd.exe sets PROMPT. PowerShell, which can be started from it, adds the folder of its user's modules to a variable that otherwise
 * has those of the system. Source: about_PSModulePath.
 */
function hasModulesOfUser(env: Env): boolean {
  const system = [envValue(env, "ProgramFiles"), envValue(env, "SystemRoot")].flatMap((one) => one ?? []);
  return (envValue(env, "PSModulePath") ?? "")
    .split(";")
    .filter((folder) => /PowerShell\\Modules$/i.test(folder))
    .some((folder) => !system.some((one) => folder.toLowerCase().startsWith(one.toLowerCase())));
}
