import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Lab } from "../lab/lab.ts";
import { PROGRAM } from "./contestants.ts";
import { kubectlEnvironment, warmArguments } from "./warm-home.ts";

/**
 * The files Node opens as modules on a warm call, by its own account; Node's built-in ones are not counted. The call has
 * a parent of its own.
 */
export function loadedModules(lab: Lab): string[] {
  const { status, stderr } = spawnSync(
    "/bin/sh",
    ["-c", '"$@" >/dev/null; exit $?', "sh", process.execPath, PROGRAM, ...warmArguments(lab)],
    {
      env: { ...kubectlEnvironment(lab), NODE_DEBUG: "esm" },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`the warm call ended with status ${status}`);
  const files = [...stderr.matchAll(/file:\/\/(\/[^\s'"]+\.mjs)/g)].map(([, file]) =>
    path.basename(file ?? ""),
  );
  return [...new Set(files)];
}
