import path from "node:path";
import { isExecutable } from "../../doctor/probes/local/find-program.ts";
import type { App } from "../app.ts";

/** The name under which kubectl and AWS tools find us. */
export const PROGRAM = "kubectl-vouch";

const OUR_NAMES = /^kubectl-vouch(?:\.exe|\.cmd)?$/;

/** krew's store: `store/vouch/v1.2.3`. Source: krew/PACKAGING.md, "Installation". */
const VERSIONED_FOLDER = /[\\/]store[\\/]vouch[\\/]v\d/;

/**
 * The path of `kubectl-vouch` on PATH; links are not followed, since their targets change with each upgrade. Undefined if it is
 * not on PATH.
 */
export function programOnPath({ env, platform }: App): string | undefined {
  const isWindows = platform === "win32";
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(isWindows ? ";" : ":");
  const names = isWindows ? [`${PROGRAM}.exe`, `${PROGRAM}.cmd`] : [PROGRAM];
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find(isExecutable);
}

/**
 * Where kubectl and AWS tools find us: by name on PATH, else by the path that was typed to start us. A folder of one version, as
 * in krew's store, is no lasting place. Undefined if there is none.
 */
export function lastingProgram(app: App): { readonly path: string; readonly onPath: boolean } | undefined {
  const found = programOnPath(app);
  if (found !== undefined) return { path: found, onPath: true };
  const typed = app.startedAs;
  if (typed === undefined || path.basename(typed) === typed || !OUR_NAMES.test(path.basename(typed)))
    return undefined;
  const file = path.resolve(typed);
  return VERSIONED_FOLDER.test(file) || !isExecutable(file) ? undefined : { path: file, onPath: false };
}
